/* SPDX-License-Identifier: GPL-2.0-or-later */
/** @file picture.h  Operator graphs drawn as SVG: a box for each node, in layers from top to
 *  bottom. */
#ifndef OPSIG_REPORT_PICTURE_H
#define OPSIG_REPORT_PICTURE_H

#include <opsig/pattern.h>

#include "graph/neighbourhood.h"
#include "report/page.h"

/** What stands around a picture. */
struct ops_picture {
    const opsig_graph *graph;
    const char *id; /* unique in the page: a letter, then letters, digits and dashes */
    const char *title, *description;
    bool alone; /* no page is around it: it carries its own style */
};

/** Most nodes of a drawing of a whole graph. */
enum { OPS_PICTURE_MOST_NODES = 5000 };

/** What one sees in a drawing of a whole graph. */
extern const char ops_picture_legend[];

/** Draws a part of a graph. The core's nodes are marked, and those with neighbours outside of the
 *  part; a node's name is its tooltip.
 *  @return OPSIG_LIMIT (see ops_layout_in_layers), OPSIG_NOMEM */
opsig_status ops_picture_draw(struct ops_page *page, const struct ops_picture *picture,
                              const struct ops_neighbourhood *part, opsig_error *err);
/** Draws all of it; OPSIG_LIMIT also for more nodes than OPS_PICTURE_MOST_NODES. */
opsig_status ops_picture_draw_all(struct ops_page *page, const struct ops_picture *picture,
                                  opsig_error *err);
/** Draws a pattern. @param picture  its graph is not looked at */
opsig_status ops_picture_draw_pattern(struct ops_page *page, const struct ops_picture *picture,
                                      const opsig_pattern *pattern, opsig_error *err);

#endif
