/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Known when CMake configures the tree: the CMakeLists.txt of this folder passes the values. */
#include "report/build.h"

#include <stddef.h>

const struct ops_fact ops_build_facts[] = {
    {"revision", OPSIG_BUILD_REVISION},
    {"type", OPSIG_BUILD_TYPE},
    {"compiler", OPSIG_BUILD_COMPILER},
    {"sanitizers", OPSIG_BUILD_SANITIZERS},
    {"system", OPSIG_BUILD_SYSTEM},
    {NULL, NULL},
};

const struct ops_fact ops_build_libraries[] = {
    {"igraph", OPSIG_WITH_IGRAPH},
    {"jansson", OPSIG_WITH_JANSSON},
    {"libRmath", OPSIG_WITH_RMATH},
    {"libmd", OPSIG_WITH_LIBMD},
    {"protobuf-c", OPSIG_WITH_PROTOBUF_C},
    {"sqlite", OPSIG_WITH_SQLITE},
    {NULL, NULL},
};
