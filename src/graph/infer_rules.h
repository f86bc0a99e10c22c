/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file infer_rules.h  The rules of operators: what a node's inputs say of its outputs.
 *
 *  A rule reads the node at hand and its inputs' facts, and says what it knows (ops_infer_set_...).
 *  Shapes are in infer_shapes.c (arithmetic), infer_windows.c (convolution, pooling) and
 *  infer_layout.c (moving elements), values in infer_values.c.
 */
#ifndef OPSIG_GRAPH_INFER_RULES_H
#define OPSIG_GRAPH_INFER_RULES_H

#include "graph/infer.h"

/* infer_shapes.c */
void ops_shape_all_same(struct ops_inference *x);
void ops_shape_arg_extreme(struct ops_inference *x);
void ops_shape_batch_normalization(struct ops_inference *x);
void ops_shape_binary(struct ops_inference *x);
void ops_shape_broadcasted(struct ops_inference *x);
void ops_shape_dynamic_quantize(struct ops_inference *x);
void ops_shape_einsum(struct ops_inference *x);
void ops_shape_gemm(struct ops_inference *x);
void ops_shape_layer_normalization(struct ops_inference *x);
void ops_shape_matmul(struct ops_inference *x);
void ops_shape_qlinear_matmul(struct ops_inference *x);
void ops_shape_recurrent(struct ops_inference *x);
void ops_shape_reduce(struct ops_inference *x);
void ops_shape_same(struct ops_inference *x);
void ops_shape_scalar(struct ops_inference *x);

/* infer_windows.c */
void ops_shape_conv(struct ops_inference *x);
void ops_shape_conv_transpose(struct ops_inference *x);
void ops_shape_global_pool(struct ops_inference *x);
void ops_shape_grid_sample(struct ops_inference *x);
void ops_shape_pool(struct ops_inference *x);
void ops_shape_qlinear_conv(struct ops_inference *x);
void ops_shape_roi_align(struct ops_inference *x);

/* infer_layout.c */
void ops_shape_compress(struct ops_inference *x);
void ops_shape_concat(struct ops_inference *x);
void ops_shape_constant_of_shape(struct ops_inference *x);
void ops_shape_depth_to_space(struct ops_inference *x);
void ops_shape_det(struct ops_inference *x);
void ops_shape_expand(struct ops_inference *x);
void ops_shape_flatten(struct ops_inference *x);
void ops_shape_gather(struct ops_inference *x);
void ops_shape_gather_nd(struct ops_inference *x);
void ops_shape_given(struct ops_inference *x);
void ops_shape_multinomial(struct ops_inference *x);
void ops_shape_non_max_suppression(struct ops_inference *x);
void ops_shape_non_zero(struct ops_inference *x);
void ops_shape_of_indices(struct ops_inference *x);
void ops_shape_one_hot(struct ops_inference *x);
void ops_shape_pad(struct ops_inference *x);
void ops_shape_range(struct ops_inference *x);
void ops_shape_reshape(struct ops_inference *x);
void ops_shape_resize(struct ops_inference *x);
void ops_shape_slice(struct ops_inference *x);
void ops_shape_space_to_depth(struct ops_inference *x);
void ops_shape_split(struct ops_inference *x);
void ops_shape_squeeze(struct ops_inference *x);
void ops_shape_tile(struct ops_inference *x);
void ops_shape_top_k(struct ops_inference *x);
void ops_shape_transpose(struct ops_inference *x);
void ops_shape_unsqueeze(struct ops_inference *x);

/* infer_values.c */
void ops_shape_shape(struct ops_inference *x);
void ops_rule_constant(struct ops_inference *x);
void ops_value_add(struct ops_inference *x);
void ops_value_cast(struct ops_inference *x);
void ops_value_concat(struct ops_inference *x);
void ops_value_div(struct ops_inference *x);
void ops_value_gather(struct ops_inference *x);
void ops_value_mul(struct ops_inference *x);
void ops_value_reshaped(struct ops_inference *x);
void ops_value_same(struct ops_inference *x);
void ops_value_shape(struct ops_inference *x);
void ops_value_size(struct ops_inference *x);
void ops_value_slice(struct ops_inference *x);
void ops_value_sub(struct ops_inference *x);

#endif
