/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file picture.h  Operator graphs drawn as SVG: a box for each node, in layers from top to
 *  bottom. */
#ifndef OPSIG_REPORT_PICTURE_H
#define OPSIG_REPORT_PICTURE_H

#include "graph/neighbourhood.h"
#include "report/page.h"

/** What stands around a picture. */
struct ops_picture {
    const opsig_graph *graph;
    const char *id; /* unique in the page: a letter, then letters, digits and dashes */
    const char *title, *description;
};

/** Draws a part of a graph. The core's nodes are marked, and those with neighbours outside of the
 *  part; a node's name is its tooltip.
 *  @return OPSIG_LIMIT (see ops_layout_in_layers), OPSIG_NOMEM */
opsig_status ops_picture_draw(struct ops_page *page, const struct ops_picture *picture,
                              const struct ops_neighbourhood *part, opsig_error *err);

#endif
