/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The alphabet op+attr tells apart what one op_type does under different attributes: a Resize that
 * rounds from one that interpolates, a Cast to int64 from a Cast to bool. This file is the whole
 * of that decision. An attribute has a row where another value is another function for the same
 * input shapes, or a case that implementations are known to treat apart (axes counted from the
 * end, padding that is not symmetric). Sizes (kernel_shape, strides, num_heads), random seeds and
 * hints have none: they differ from model to model and would make every symbol unique. Defaults
 * are those of the operator specifications of ONNX opset 1 to 28 and of ONNX Runtime's
 * contributed operators; a test compares them with the schemas of an installed onnx package. */
#include "graph/semantic_attributes.h"

#include <stdlib.h>
#include <string.h>

typedef struct ops_semantic_attribute rows;

/* name, transform, fallback, reason, then designated members */
#define ROW(attribute, how, absent, ...)                                                         \
    {.name = (attribute), .transform = (how), .fallback = (absent), .reason = __VA_ARGS__}
#define END {.name = NULL}

/* shared by operators */
#define AUTO_PAD                                                                                 \
    ROW("auto_pad", OPS_RAW, "NOTSET", "computed padding; an odd row goes to one side or the other")
#define DILATIONS ROW("dilations", OPS_ONE, "1", "a window with holes takes other code paths")
#define GROUP ROW("group", OPS_ONE, "1", "grouped and depthwise convolutions are other kernels")
#define PADS ROW("pads", OPS_PADDING, "none", "unequal padding is often done apart")
#define CEIL_MODE ROW("ceil_mode", OPS_RAW, "0", "decides whether a window may leave the input")
#define KEEPDIMS ROW("keepdims", OPS_RAW, "1", "decides the rank of the result")
#define DIRECTION ROW("direction", OPS_LOWER, "forward", "order in which the sequence is read")
#define LAYOUT ROW("layout", OPS_RAW, "0", "order of the batch and sequence axes")
#define ACTIVATIONS(list) ROW("activations", OPS_RAW, list, "the functions of the gates")
#define CLIP ROW("clip", OPS_GIVEN, "none", "bounds the input of the activations")
#define ACTIVATION ROW("activation", OPS_RAW, "none", "the function applied to the result")
#define STASH_TYPE ROW("stash_type", OPS_TYPE, "float", "precision of the intermediate results")
#define POST_TRANSFORM ROW("post_transform", OPS_RAW, "NONE", "the function applied to the scores")
#define REDUCTION ROW("reduction", OPS_RAW, "none", "how values that meet are combined")
#define LOSS_REDUCTION ROW("reduction", OPS_RAW, "mean", "how the losses are combined")
#define IGNORE_INDEX ROW("ignore_index", OPS_GIVEN, "none", "one class is left out of the sum")
#define MASK_VALUE                                                                               \
    ROW("mask_filter_value", OPS_DEFAULT, "-10000", "what is not low enough lets values pass")
#define SCALE ROW("scale", OPS_GIVEN, "default", "a factor other than 1/sqrt(head size)")
#define UNIDIRECTIONAL ROW("unidirectional", OPS_RAW, "0", "causal attention")

static const rows affine_grid[] = {
    ROW("align_corners", OPS_RAW, "0", "whether -1 and 1 are centres or edges of the end pixels"),
    END};

static const rows arg_extreme[] = {
    ROW("axis", OPS_AXIS, "first", "the axis searched"),
    KEEPDIMS,
    ROW("select_last_index", OPS_RAW, "0", "which of equal values wins"),
    END};

static const rows attention[] = {
    ROW("is_causal", OPS_RAW, "0", "causal attention"),
    ROW("qk_matmul_output_mode", OPS_RAW, "0", "which intermediate scores come out"),
    SCALE,
    ROW("softcap", OPS_ZERO, "0", "the scores are squeezed through tanh"),
    ROW("softmax_precision", OPS_TYPE, "default", "precision of the softmax"),
    END};

static const rows average_pool[] = {
    CEIL_MODE,
    ROW("count_include_pad", OPS_RAW, "0", "whether the divisor counts the padding"),
    END};

static const rows batch_normalization[] = {
    ROW("training_mode", OPS_RAW, "0", "statistics of the batch instead of the stored ones"),
    ROW("is_test", OPS_RAW, "0", "the same, under its name up to opset 6", .last = 6),
    ROW("spatial", OPS_RAW, "1", "statistics per channel or per element", .last = 8),
    END};

static const rows bernoulli[] = {
    ROW("dtype", OPS_TYPE, "input", "element type of the result"), END};

static const rows bit_shift[] = {
    ROW("direction", OPS_LOWER, "?", "left or right"), END};

static const rows window_function[] = {
    ROW("output_datatype", OPS_TYPE, "float", "element type of the result"),
    ROW("periodic", OPS_RAW, "1", "periodic or symmetric window"),
    END};

static const rows cast[] = {
    ROW("to", OPS_TYPE, "?", "rounding, wrapping and truth of the conversion follow from the type"),
    END};

static const rows cast_like[] = {
    ROW("saturate", OPS_RAW, "1", "what becomes of values out of range"), END};

static const rows alpha_of_one[] = {
    ROW("alpha", OPS_DEFAULT, "1", "the curve's shape; 1 makes Celu and Elu the same"), END};

static const rows clip[] = {
    ROW("max", OPS_GIVEN, "none", "upper bound, an input from opset 11", .last = 10),
    ROW("min", OPS_GIVEN, "none", "lower bound, an input from opset 11", .last = 10),
    END};

static const rows compress[] = {
    ROW("axis", OPS_AXIS, "flat", "the axis selected from; none flattens"), END};

static const rows concat[] = {
    ROW("axis", OPS_RAW, "1", "the axis joined: which one tells apart what exporters join"), END};

static const rows concat_from_sequence[] = {
    ROW("axis", OPS_AXIS, "?", "the axis joined"),
    ROW("new_axis", OPS_RAW, "0", "join along an axis or stack along a new one"),
    END};

static const rows constant_of_shape[] = {
    ROW("value", OPS_TYPE, "float", "element type of the result"), END};

static const rows conv[] = {AUTO_PAD, DILATIONS, GROUP, PADS, END};

static const rows conv_transpose[] = {
    AUTO_PAD, DILATIONS, GROUP,
    ROW("output_padding", OPS_ZERO, "0", "rows added to one side of the result"),
    ROW("output_shape", OPS_GIVEN, "none", "the padding is computed from the wanted shape"),
    PADS, END};

static const rows cumulate[] = {
    ROW("exclusive", OPS_RAW, "0", "whether an element is part of its own sum"),
    ROW("reverse", OPS_RAW, "0", "from which end it runs"),
    END};

static const rows deform_conv[] = {
    DILATIONS, GROUP,
    ROW("offset_group", OPS_ONE, "1", "channels that share their offsets"),
    END};

static const rows depth_to_space[] = {
    ROW("mode", OPS_RAW, "DCR", "depth-column-row or column-row-depth order"), END};

static const rows dequantize_linear[] = {
    ROW("axis", OPS_AXIS, "positive", "the axis of the scales"),
    ROW("block_size", OPS_ZERO, "0", "scales per block"),
    ROW("output_dtype", OPS_TYPE, "default", "element type of the result"),
    END};

static const rows dft[] = {
    ROW("inverse", OPS_RAW, "0", "direction of the transform"),
    ROW("onesided", OPS_RAW, "0", "whether the mirrored half is left out"),
    END};

static const rows dropout[] = {
    ROW("is_test", OPS_RAW, "0", "identity, or random", .last = 6),
    ROW("ratio", OPS_DEFAULT, "0.5", "share that is dropped, an input from opset 12", .last = 11),
    END};

static const rows einsum[] = {
    ROW("equation", OPS_RAW, "?", "the whole meaning of the operator"), END};

static const rows eye_like[] = {
    ROW("dtype", OPS_TYPE, "input", "element type of the result"),
    ROW("k", OPS_ZERO, "0", "the diagonal"),
    END};

static const rows flatten[] = {
    ROW("axis", OPS_AXIS, "positive", "where the outer dimensions end"), END};

static const rows gather[] = {
    ROW("axis", OPS_AXIS, "first", "the axis indexed"), END};

static const rows gather_nd[] = {
    ROW("batch_dims", OPS_ZERO, "0", "leading axes that are not indexed"), END};

static const rows gelu[] = {
    ROW("approximate", OPS_RAW, "none", "erf, or its approximation by tanh"), END};

static const rows gemm[] = {
    ROW("alpha", OPS_DEFAULT, "1", "factor of the product"),
    ROW("beta", OPS_DEFAULT, "1", "factor of the summand"),
    ROW("transA", OPS_RAW, "0", "layout of the first operand"),
    ROW("transB", OPS_RAW, "0", "layout of the second operand"),
    END};

static const rows global_lp_pool[] = {ROW("p", OPS_RAW, "2", "the norm"), END};

static const rows grid_sample[] = {
    ROW("align_corners", OPS_RAW, "0", "whether -1 and 1 are centres or edges of the end pixels"),
    ROW("mode", OPS_INTERPOLATION, "linear", "the interpolation"),
    ROW("padding_mode", OPS_RAW, "zeros", "what lies outside of the image"),
    END};

static const rows group_normalization[] = {
    ROW("epsilon", OPS_DEFAULT, "1e-05", "dominates where the variance is near zero"),
    STASH_TYPE,
    END};

static const rows gru[] = {
    ACTIVATIONS("[Sigmoid;Tanh]"), CLIP, DIRECTION, LAYOUT,
    ROW("linear_before_reset", OPS_RAW, "0", "reset gate before or after the matrix product"),
    END};

static const rows hard_sigmoid[] = {
    ROW("alpha", OPS_DEFAULT, "0.2", "slope; frameworks differ (1/5, 1/6)"),
    ROW("beta", OPS_DEFAULT, "0.5", "value at zero"),
    END};

static const rows softmax[] = {
    ROW("axis", OPS_AXIS, "last", "the axis; before opset 13 the input was flattened behind it",
     .earlier = "positive", .changed = 13),
    END};

static const rows image_decoder[] = {
    ROW("pixel_format", OPS_RAW, "RGB", "order of the channels"), END};

static const rows instance_normalization[] = {
    ROW("epsilon", OPS_DEFAULT, "1e-05", "dominates where the variance is near zero"), END};

static const rows is_inf[] = {
    ROW("detect_negative", OPS_RAW, "1", "whether -inf counts"),
    ROW("detect_positive", OPS_RAW, "1", "whether +inf counts"),
    END};

static const rows lrn[] = {
    ROW("alpha", OPS_DEFAULT, "0.0001", "scale; frameworks disagree whether size divides it"),
    ROW("beta", OPS_DEFAULT, "0.75", "exponent"),
    ROW("bias", OPS_DEFAULT, "1", "offset of the sum"),
    END};

static const rows lstm[] = {
    ACTIVATIONS("[Sigmoid;Tanh;Tanh]"), CLIP, DIRECTION,
    ROW("input_forget", OPS_RAW, "0", "input and forget gate are coupled"),
    LAYOUT, END};

static const rows layer_normalization[] = {
    ROW("axis", OPS_AXIS, "last", "the first axis normalised"), STASH_TYPE, END};

static const rows leaky_relu[] = {
    ROW("alpha", OPS_DEFAULT, "0.01", "slope below zero"), END};

static const rows linear_attention[] = {
    ROW("update_rule", OPS_RAW, "gated_delta", "the recurrence"), END};

static const rows lp_normalization[] = {
    ROW("axis", OPS_AXIS, "last", "the axis normalised"), ROW("p", OPS_RAW, "2", "the norm"), END};

static const rows lp_pool[] = {AUTO_PAD, CEIL_MODE, ROW("p", OPS_RAW, "2", "the norm"), END};

static const rows max_pool[] = {
    AUTO_PAD, CEIL_MODE, DILATIONS, PADS,
    ROW("storage_order", OPS_RAW, "0", "how the indices of the maxima count"),
    END};

static const rows mean_variance_normalization[] = {
    ROW("axes", OPS_RAW, "[0;2;3]", "what the statistics are taken over"), END};

static const rows mel_weight_matrix[] = {
    ROW("output_datatype", OPS_TYPE, "float", "element type of the result"), END};

static const rows mod[] = {
    ROW("fmod", OPS_RAW, "0", "sign of the divisor or of the dividend"), END};

static const rows multinomial[] = {
    ROW("dtype", OPS_TYPE, "int32", "element type of the result"), END};

static const rows class_loss[] = {IGNORE_INDEX, LOSS_REDUCTION, END};

static const rows non_max_suppression[] = {
    ROW("center_point_box", OPS_RAW, "0", "corners, or centre and size"), END};

static const rows one_hot[] = {
    ROW("axis", OPS_AXIS, "last", "where the new axis goes"), END};

static const rows pad[] = {
    ROW("mode", OPS_RAW, "constant", "what the border is filled with"), END};

static const rows quantize_linear[] = {
    ROW("axis", OPS_AXIS, "positive", "the axis of the scales"),
    ROW("block_size", OPS_ZERO, "0", "scales per block"),
    ROW("output_dtype", OPS_TYPE, "default", "element type of the result"),
    ROW("saturate", OPS_RAW, "1", "what becomes of values out of range"),
    END};

static const rows rms_normalization[] = {
    ROW("axis", OPS_AXIS, "last", "the first axis normalised"), STASH_TYPE, END};

static const rows rnn[] = {ACTIVATIONS("[Tanh]"), CLIP, DIRECTION, LAYOUT, END};

static const rows random_typed[] = {
    ROW("dtype", OPS_TYPE, "float", "element type of the result"), END};

static const rows random_like[] = {
    ROW("dtype", OPS_TYPE, "input", "element type of the result"), END};

static const rows reduce[] = {
    ROW("axes", OPS_RAW, "all", "what is summed over, an input from opset 18", .last = 17),
    KEEPDIMS,
    ROW("noop_with_empty_axes", OPS_RAW, "0", "no axes mean all or none"),
    END};

static const rows reduce_sum[] = {
    ROW("axes", OPS_RAW, "all", "what is summed over, an input from opset 13", .last = 12),
    KEEPDIMS,
    ROW("noop_with_empty_axes", OPS_RAW, "0", "no axes mean all or none"),
    END};

static const rows reshape[] = {
    ROW("allowzero", OPS_RAW, "0", "0 in the shape copies a dimension or is one"), END};

static const rows resize[] = {
    ROW("mode", OPS_INTERPOLATION, "nearest", "the interpolation"),
    ROW("coordinate_transformation_mode", OPS_RAW, "half_pixel",
     "where an output pixel lies in the input; before opset 11 at x / scale",
     .earlier = "asymmetric", .changed = 11),
    ROW("nearest_mode", OPS_RAW, "round_prefer_floor", "how coordinates are rounded",
     .earlier = "floor", .changed = 11, .when = "mode", .becomes = "nearest"),
    ROW("cubic_coeff_a", OPS_DEFAULT, "-0.75", "the kernel; frameworks differ (-0.5, -0.75)",
     .when = "mode", .becomes = "cubic"),
    ROW("exclude_outside", OPS_RAW, "0", "weights outside of the image", .when = "mode",
     .becomes = "cubic"),
    ROW("antialias", OPS_RAW, "0", "the kernel widens when shrinking"),
    ROW("keep_aspect_ratio_policy", OPS_RAW, "stretch", "which of two scales counts"),
    END};

static const rows reverse_sequence[] = {
    ROW("batch_axis", OPS_RAW, "1", "the axis of the batch"),
    ROW("time_axis", OPS_RAW, "0", "the axis reversed"),
    END};

static const rows roi_align[] = {
    ROW("coordinate_transformation_mode", OPS_RAW, "half_pixel",
     "whether boxes are shifted by half a pixel; not before opset 16",
     .earlier = "output_half_pixel", .changed = 16),
    ROW("mode", OPS_RAW, "avg", "mean or maximum of the samples"),
    ROW("sampling_ratio", OPS_ZERO, "0", "0: as many samples as the box is large"),
    END};

static const rows rotary_embedding[] = {
    ROW("interleaved", OPS_RAW, "0", "which elements form a pair"), END};

static const rows stft[] = {
    ROW("onesided", OPS_RAW, "1", "whether the mirrored half is left out"), END};

static const rows scan[] = {
    ROW("directions", OPS_ZERO, "0", "some inputs are read backwards, opset 8", .last = 8),
    ROW("scan_input_directions", OPS_ZERO, "0", "some inputs are read backwards"),
    ROW("scan_output_directions", OPS_ZERO, "0", "some outputs are written backwards"),
    END};

static const rows scatter_elements[] = {
    ROW("axis", OPS_AXIS, "first", "the axis indexed"), REDUCTION, END};

static const rows scatter_nd[] = {REDUCTION, END};

static const rows selu[] = {
    ROW("alpha", OPS_DEFAULT, "1.67326", "the curve's shape"),
    ROW("gamma", OPS_DEFAULT, "1.0507", "the curve's slope"),
    END};

static const rows sequence_empty[] = {
    ROW("dtype", OPS_TYPE, "float", "element type of the sequence"), END};

static const rows shape[] = {
    ROW("end", OPS_RAW, "none", "the dimensions that come out"),
    ROW("start", OPS_RAW, "0", "the dimensions that come out"),
    END};

static const rows shrink[] = {
    ROW("bias", OPS_DEFAULT, "0", "offset outside of the dead zone"),
    ROW("lambd", OPS_DEFAULT, "0.5", "width of the dead zone"),
    END};

static const rows simplified_layer_normalization[] = {
    ROW("axis", OPS_AXIS, "last", "the first axis normalised"), STASH_TYPE, END};

static const rows space_to_depth[] = {
    ROW("blocksize", OPS_RAW, "?", "which pixels become channels"), END};

static const rows split[] = {
    ROW("axis", OPS_AXIS, "first", "the axis cut"),
    ROW("num_outputs", OPS_GIVEN, "none", "parts of one size, the last one perhaps smaller"),
    END};

static const rows split_to_sequence[] = {
    ROW("axis", OPS_AXIS, "first", "the axis cut"), KEEPDIMS, END};

static const rows squeeze[] = {
    ROW("axes", OPS_RAW, "all", "the axes removed, an input from opset 13", .last = 12), END};

static const rows unsqueeze[] = {
    ROW("axes", OPS_RAW, "?", "the axes added, an input from opset 13", .last = 12), END};

static const rows string_normalizer[] = {
    ROW("case_change_action", OPS_RAW, "NONE", "upper or lower case"),
    ROW("is_case_sensitive", OPS_RAW, "0", "how stop words are compared"),
    END};

static const rows tensor_scatter[] = {
    ROW("axis", OPS_AXIS, "negative", "the axis written to"),
    ROW("mode", OPS_RAW, "linear", "what happens past the end"),
    END};

static const rows tf_idf_vectorizer[] = {
    ROW("mode", OPS_RAW, "?", "counts, inverse frequencies or both"), END};

static const rows top_k[] = {
    ROW("largest", OPS_RAW, "1", "which end is taken"),
    ROW("sorted", OPS_WRITTEN, "unset",
        "whether the order of the result is defined; exporters leave it out where they sort a "
        "whole axis, and write it where they want the largest few"),
    END};

static const rows transpose[] = {
    ROW("perm", OPS_RAW, "reverse", "the order of the axes"), END};

static const rows trilu[] = {ROW("upper", OPS_RAW, "1", "which triangle is kept"), END};

static const rows unique[] = {
    ROW("axis", OPS_AXIS, "flat", "what is compared: elements or slices"),
    ROW("sorted", OPS_RAW, "1", "order of the result"),
    END};

static const rows upsample[] = {
    ROW("mode", OPS_INTERPOLATION, "nearest", "the interpolation"), END};

static const rows cast_map[] = {
    ROW("cast_to", OPS_RAW, "TO_FLOAT", "element type of the result"),
    ROW("map_form", OPS_RAW, "DENSE", "whether missing keys are filled in"),
    END};

static const rows linear_model[] = {POST_TRANSFORM, END};

static const rows normalizer[] = {ROW("norm", OPS_RAW, "MAX", "the norm"), END};

static const rows one_hot_encoder[] = {
    ROW("zeros", OPS_RAW, "1", "whether unknown categories are an error"), END};

static const rows svm[] = {
    ROW("kernel_type", OPS_RAW, "LINEAR", "the kernel"), POST_TRANSFORM, END};

static const rows tree_ensemble[] = {
    ROW("aggregate_function", OPS_RAW, "SUM", "how the trees are combined"), POST_TRANSFORM, END};

static const rows ms_attention[] = {
    ROW("do_rotary", OPS_RAW, "0", "positions are rotated in"),
    MASK_VALUE,
    SCALE,
    UNIDIRECTIONAL,
    END};

static const rows ms_multi_head_attention[] = {MASK_VALUE, SCALE, UNIDIRECTIONAL, END};

static const rows ms_packed_attention[] = {SCALE, END};

static const rows ms_group_query_attention[] = {
    ROW("do_rotary", OPS_RAW, "0", "positions are rotated in"),
    ROW("local_window_size", OPS_AXIS, "last", "-1 sees everything, else a sliding window"),
    ROW("rotary_interleaved", OPS_RAW, "0", "which elements form a pair"),
    SCALE,
    ROW("softcap", OPS_ZERO, "0", "the scores are squeezed through tanh"),
    END};

static const rows ms_fused_conv[] = {ACTIVATION, AUTO_PAD, DILATIONS, GROUP, PADS, END};

static const rows ms_fused_gemm[] = {
    ACTIVATION,
    ROW("transA", OPS_RAW, "0", "layout of the first operand"),
    ROW("transB", OPS_RAW, "0", "layout of the second operand"),
    END};

static const rows ms_fused_mat_mul[] = {
    ROW("alpha", OPS_DEFAULT, "1", "factor of the product"),
    ROW("transA", OPS_RAW, "0", "layout of the first operand"),
    ROW("transB", OPS_RAW, "0", "layout of the second operand"),
    ROW("transBatchA", OPS_RAW, "0", "the same for the axes of the batch"),
    ROW("transBatchB", OPS_RAW, "0", "the same for the axes of the batch"),
    END};

static const rows ms_mat_mul_n_bits[] = {
    ROW("accuracy_level", OPS_RAW, "0", "element type of the products"),
    ROW("bits", OPS_RAW, "4", "how weights are packed"),
    END};

static const rows ms_q_linear_reduce_mean[] = {
    ROW("axes", OPS_RAW, "all", "what is summed over"), KEEPDIMS, END};

static const rows ms_q_linear_softmax[] = {
    ROW("axis", OPS_AXIS, "?", "the axis"),
    ROW("opset", OPS_RAW, "?", "before opset 13 the input is flattened behind the axis"),
    END};

/* Ascending by domain and op_type, as strcmp compares. */
static const struct ops_semantic_operator table[] = {
    {"", "AffineGrid", affine_grid},
    {"", "ArgMax", arg_extreme},
    {"", "ArgMin", arg_extreme},
    {"", "Attention", attention},
    {"", "AveragePool", average_pool},
    {"", "BatchNormalization", batch_normalization},
    {"", "Bernoulli", bernoulli},
    {"", "BitCast", cast},
    {"", "BitShift", bit_shift},
    {"", "BlackmanWindow", window_function},
    {"", "Cast", cast},
    {"", "CastLike", cast_like},
    {"", "Celu", alpha_of_one},
    {"", "Clip", clip},
    {"", "Compress", compress},
    {"", "Concat", concat},
    {"", "ConcatFromSequence", concat_from_sequence},
    {"", "ConstantOfShape", constant_of_shape},
    {"", "Conv", conv},
    {"", "ConvInteger", conv},
    {"", "ConvTranspose", conv_transpose},
    {"", "CumProd", cumulate},
    {"", "CumSum", cumulate},
    {"", "DFT", dft},
    {"", "DeformConv", deform_conv},
    {"", "DepthToSpace", depth_to_space},
    {"", "DequantizeLinear", dequantize_linear},
    {"", "Dropout", dropout},
    {"", "Einsum", einsum},
    {"", "Elu", alpha_of_one},
    {"", "EyeLike", eye_like},
    {"", "Flatten", flatten},
    {"", "GRU", gru},
    {"", "Gather", gather},
    {"", "GatherElements", gather},
    {"", "GatherND", gather_nd},
    {"", "Gelu", gelu},
    {"", "Gemm", gemm},
    {"", "GlobalLpPool", global_lp_pool},
    {"", "GridSample", grid_sample},
    {"", "GroupNormalization", group_normalization},
    {"", "HammingWindow", window_function},
    {"", "HannWindow", window_function},
    {"", "HardSigmoid", hard_sigmoid},
    {"", "Hardmax", softmax},
    {"", "ImageDecoder", image_decoder},
    {"", "InstanceNormalization", instance_normalization},
    {"", "IsInf", is_inf},
    {"", "LRN", lrn},
    {"", "LSTM", lstm},
    {"", "LayerNormalization", layer_normalization},
    {"", "LeakyRelu", leaky_relu},
    {"", "LinearAttention", linear_attention},
    {"", "LogSoftmax", softmax},
    {"", "LpNormalization", lp_normalization},
    {"", "LpPool", lp_pool},
    {"", "MaxPool", max_pool},
    {"", "MeanVarianceNormalization", mean_variance_normalization},
    {"", "MelWeightMatrix", mel_weight_matrix},
    {"", "Mod", mod},
    {"", "Multinomial", multinomial},
    {"", "NegativeLogLikelihoodLoss", class_loss},
    {"", "NonMaxSuppression", non_max_suppression},
    {"", "OneHot", one_hot},
    {"", "Pad", pad},
    {"", "QLinearConv", conv},
    {"", "QuantizeLinear", quantize_linear},
    {"", "RMSNormalization", rms_normalization},
    {"", "RNN", rnn},
    {"", "RandomNormal", random_typed},
    {"", "RandomNormalLike", random_like},
    {"", "RandomUniform", random_typed},
    {"", "RandomUniformLike", random_like},
    {"", "ReduceL1", reduce},
    {"", "ReduceL2", reduce},
    {"", "ReduceLogSum", reduce},
    {"", "ReduceLogSumExp", reduce},
    {"", "ReduceMax", reduce},
    {"", "ReduceMean", reduce},
    {"", "ReduceMin", reduce},
    {"", "ReduceProd", reduce},
    {"", "ReduceSum", reduce_sum},
    {"", "ReduceSumSquare", reduce},
    {"", "Reshape", reshape},
    {"", "Resize", resize},
    {"", "ReverseSequence", reverse_sequence},
    {"", "RoiAlign", roi_align},
    {"", "RotaryEmbedding", rotary_embedding},
    {"", "STFT", stft},
    {"", "Scan", scan},
    {"", "Scatter", gather},
    {"", "ScatterElements", scatter_elements},
    {"", "ScatterND", scatter_nd},
    {"", "Selu", selu},
    {"", "SequenceEmpty", sequence_empty},
    {"", "Shape", shape},
    {"", "Shrink", shrink},
    {"", "SimplifiedLayerNormalization", simplified_layer_normalization},
    {"", "Softmax", softmax},
    {"", "SoftmaxCrossEntropyLoss", class_loss},
    {"", "SpaceToDepth", space_to_depth},
    {"", "Split", split},
    {"", "SplitToSequence", split_to_sequence},
    {"", "Squeeze", squeeze},
    {"", "StringNormalizer", string_normalizer},
    {"", "Swish", alpha_of_one},
    {"", "TensorScatter", tensor_scatter},
    {"", "TfIdfVectorizer", tf_idf_vectorizer},
    {"", "ThresholdedRelu", alpha_of_one},
    {"", "TopK", top_k},
    {"", "Transpose", transpose},
    {"", "Trilu", trilu},
    {"", "Unique", unique},
    {"", "Unsqueeze", unsqueeze},
    {"", "Upsample", upsample},
    {"ai.onnx.ml", "CastMap", cast_map},
    {"ai.onnx.ml", "LinearClassifier", linear_model},
    {"ai.onnx.ml", "LinearRegressor", linear_model},
    {"ai.onnx.ml", "Normalizer", normalizer},
    {"ai.onnx.ml", "OneHotEncoder", one_hot_encoder},
    {"ai.onnx.ml", "SVMClassifier", svm},
    {"ai.onnx.ml", "SVMRegressor", svm},
    {"ai.onnx.ml", "TreeEnsembleClassifier", linear_model},
    {"ai.onnx.ml", "TreeEnsembleRegressor", tree_ensemble},
    {"com.microsoft", "Attention", ms_attention},
    {"com.microsoft", "FusedConv", ms_fused_conv},
    {"com.microsoft", "FusedGemm", ms_fused_gemm},
    {"com.microsoft", "FusedMatMul", ms_fused_mat_mul},
    {"com.microsoft", "GroupQueryAttention", ms_group_query_attention},
    {"com.microsoft", "MatMulNBits", ms_mat_mul_n_bits},
    {"com.microsoft", "MultiHeadAttention", ms_multi_head_attention},
    {"com.microsoft", "NhwcConv", conv},
    {"com.microsoft", "NhwcFusedConv", ms_fused_conv},
    {"com.microsoft", "NhwcMaxPool", max_pool},
    {"com.microsoft", "PackedAttention", ms_packed_attention},
    {"com.microsoft", "QAttention", ms_attention},
    {"com.microsoft", "QLinearConv", conv},
    {"com.microsoft", "QLinearReduceMean", ms_q_linear_reduce_mean},
    {"com.microsoft", "QLinearSoftmax", ms_q_linear_softmax},
    {"com.microsoft", "RotaryEmbedding", rotary_embedding},
};

const struct ops_semantic_operator *ops_semantic_table(size_t *out_n)
{
    *out_n = sizeof table / sizeof table[0];
    return table;
}

static int compare(const void *key, const void *row)
{
    const struct ops_semantic_operator *const a = key;
    const struct ops_semantic_operator *const b = row;
    const int by_domain = strcmp(a->domain, b->domain);
    return by_domain != 0 ? by_domain : strcmp(a->op_type, b->op_type);
}

const struct ops_semantic_operator *ops_semantic_find(const char *domain, const char *op_type)
{
    const struct ops_semantic_operator key = {.domain = domain, .op_type = op_type};
    return bsearch(&key, table, sizeof table / sizeof table[0], sizeof table[0], compare);
}
