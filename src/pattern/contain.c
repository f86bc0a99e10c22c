/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Containment by backtracking over bit sets. The part's vertices are placed in the order of its
 * code, so that each but the first is joined with one that has its place. For each of them a set
 * of the whole's vertices says where its symbol and its degree let it stand; where it can stand now
 * is what that set shares with the neighbours, of the right direction and label, of the places of
 * its placed neighbours. Most pairs of patterns fail before anything is placed: some symbol of the
 * part has nothing to stand on. */
#include "pattern/contain.h"

#include <string.h>

#include "pattern/shape.h"

enum { MAX_PLACEMENTS = 1 << 16 };

struct placing {
    struct ops_shape whole, part;
    uint64_t fits[OPSIG_PATTERN_MAX_VERTICES]; /* by vertex of the part: bits are the whole's */
    uint8_t place[OPSIG_PATTERN_MAX_VERTICES];
    uint32_t n_placements;
};

bool ops_symbol_generalizes(const char *general, const char *special)
{
    size_t len = strlen(general);
    return strncmp(general, special, len) == 0 && (special[len] == '\0' || special[len] == '{');
}

/** Different vertices that edges of a kind's direction lead to. */
static uint64_t neighbours(const struct ops_shape *shape, uint32_t v, uint64_t kind)
{
    const uint64_t label = kind >> 2;
    uint64_t found = 0;
    for (uint32_t a = shape->arc_begin[v]; a < shape->arc_begin[v + 1]; a++) {
        const struct ops_arc *arc = &shape->arcs[a];
        if ((arc->kind & 3) == (kind & 3) && (label == 0 || arc->kind >> 2 == label)) {
            found |= UINT64_C(1) << arc->to;
        }
    }
    return found;
}

/** Has the whole's vertex w as many neighbours each way as the part's vertex v? */
static bool has_room(const struct placing *p, uint32_t v, uint32_t w)
{
    for (uint64_t dir = OPS_CODE_OUT; dir <= OPS_CODE_BOTH; dir++) {
        if (__builtin_popcountll(neighbours(&p->part, v, dir)) >
            __builtin_popcountll(neighbours(&p->whole, w, dir))) {
            return false;
        }
    }
    return true;
}

/** Where each vertex of the part may stand; false where one has no place. */
static bool find_fits(struct placing *p, const opsig_pattern *whole, const opsig_pattern *part)
{
    for (uint32_t v = 0; v < p->part.n_vertices; v++) {
        const char *const general = part->symbols[p->part.symbol[v]];
        p->fits[v] = 0;
        for (uint32_t w = 0; w < p->whole.n_vertices; w++) {
            const char *const special = whole->symbols[p->whole.symbol[w]];
            if (ops_symbol_generalizes(general, special) && has_room(p, v, w)) {
                p->fits[v] |= UINT64_C(1) << w;
            }
        }
        if (p->fits[v] == 0) {
            return false;
        }
    }
    return true;
}

/** The places that the placed neighbours of vertex v leave it. */
static uint64_t free_places(const struct placing *p, uint32_t v, uint64_t taken)
{
    uint64_t places = p->fits[v] & ~taken;
    for (uint32_t a = p->part.arc_begin[v]; a < p->part.arc_begin[v + 1]; a++) {
        const struct ops_arc *arc = &p->part.arcs[a];
        if (arc->to < v) {
            const uint64_t back = ops_arc_kind((uint32_t)(arc->kind >> 2),
                                               ops_dir_flip((uint8_t)(arc->kind & 3)));
            places &= neighbours(&p->whole, p->place[arc->to], back);
        }
    }
    return places;
}

/** Can the part's vertices from v on be placed?  Recursion is bounded by their number. */
static bool place_from(struct placing *p, uint32_t v, uint64_t taken)
{
    if (v == p->part.n_vertices) {
        return true;
    }
    for (uint64_t places = free_places(p, v, taken); places != 0; places &= places - 1) {
        if (++p->n_placements > MAX_PLACEMENTS) {
            return false;
        }
        p->place[v] = (uint8_t)__builtin_ctzll(places);
        if (place_from(p, v + 1, taken | UINT64_C(1) << p->place[v])) {
            return true;
        }
    }
    return false;
}

bool ops_pattern_contains_counted(const opsig_pattern *whole, const opsig_pattern *part,
                                  uint64_t *work)
{
    struct placing p;
    p.n_placements = 0;
    if (strcmp(whole->text, part->text) == 0) {
        return true;
    }
    ops_shape_of_code(&p.whole, (struct ops_code){whole->steps, whole->n_steps});
    ops_shape_of_code(&p.part, (struct ops_code){part->steps, part->n_steps});
    const bool contained = p.part.n_vertices <= p.whole.n_vertices &&
                           find_fits(&p, whole, part) && place_from(&p, 0, 0);
    *work += (uint64_t)p.part.n_vertices * p.whole.n_vertices + 8 * (uint64_t)p.n_placements;
    return contained;
}

bool ops_pattern_contains(const opsig_pattern *whole, const opsig_pattern *part)
{
    uint64_t work = 0;
    return ops_pattern_contains_counted(whole, part, &work);
}
