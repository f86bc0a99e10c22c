# SPDX-License-Identifier: GPL-2.0-or-later
# Foreign libraries, as Debian packages them. A folder of src/ links only those that
# tests/check_layers.sh lets it include.
find_package(PkgConfig REQUIRED)
pkg_check_modules(PROTOBUF_C REQUIRED IMPORTED_TARGET libprotobuf-c)
pkg_check_modules(IGRAPH REQUIRED IMPORTED_TARGET igraph)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(LIBMD REQUIRED IMPORTED_TARGET libmd)
pkg_check_modules(INIH REQUIRED IMPORTED_TARGET inih)
pkg_check_modules(RMATH REQUIRED IMPORTED_TARGET libRmath)
# libRmath.pc names a folder of R itself, which need not be installed.
set_property(TARGET PkgConfig::RMATH PROPERTY INTERFACE_INCLUDE_DIRECTORIES "")

# What a program that links libopsig.a needs besides. By name and not by the modules that
# pkg-config knows: igraph's module asks for all of its own private libraries, whose development
# files Debian does not install with it.
set(OPSIG_PRIVATE_LIBRARIES ${IGRAPH_LDFLAGS} ${PROTOBUF_C_LDFLAGS} ${SQLITE_LDFLAGS}
    ${JANSSON_LDFLAGS} ${LIBMD_LDFLAGS} ${RMATH_LDFLAGS} -pthread -lm)
list(FILTER OPSIG_PRIVATE_LIBRARIES EXCLUDE REGEX "^-L/usr/lib") # searched anyway
list(REMOVE_DUPLICATES OPSIG_PRIVATE_LIBRARIES)

# The program takes archives instead where all are found: libigraph.so alone brings 27 libraries
# along, and loading them takes longer than a small scan. igraph's archive must be one that
# does without those for the little that src/graph/ uses.
if(OPSIG_STATIC_PROGRAM)
  foreach(library igraph protobuf-c sqlite3 jansson md Rmath inih)
    find_library(OPSIG_ARCHIVE_${library} NAMES lib${library}.a)
    list(APPEND OPSIG_ARCHIVES ${OPSIG_ARCHIVE_${library}})
  endforeach()
  if(NOT OPSIG_ARCHIVES MATCHES NOTFOUND)
    include(CheckCSourceCompiles)
    set(CMAKE_REQUIRED_INCLUDES ${IGRAPH_INCLUDE_DIRS})
    set(CMAKE_REQUIRED_LIBRARIES ${OPSIG_ARCHIVES} m)
    check_c_source_compiles("
      #include <igraph.h>
      int main(void)
      {
          igraph_t graph;
          igraph_bool_t is_dag;
          return igraph_empty(&graph, 1, 1) || igraph_is_dag(&graph, &is_dag);
      }" OPSIG_ARCHIVES_LINK)
    unset(CMAKE_REQUIRED_INCLUDES)
    unset(CMAKE_REQUIRED_LIBRARIES)
  endif()
endif()

find_program(PROTOC_C protoc-c REQUIRED)
find_package(Threads REQUIRED)
