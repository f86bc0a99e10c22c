# SPDX-License-Identifier: GPL-2.0-or-later
# Debian packages, by `cmake --workflow --preset package`: opsig (the program, all that a CI job
# needs), libopsig0 (the shared library) and libopsig-dev (what is built against it), so that a
# library that breaks its ABI gets a package name of its own and can lie beside the old one.
set(OPSIG_PACKAGE_CONTACT "opsig maintainers <maintainers@opsig.invalid>" CACHE STRING
    "Maintainer that the Debian packages name")
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME opsig)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "") # each package has its own
set(CPACK_PACKAGE_CONTACT ${OPSIG_PACKAGE_CONTACT})
set(CPACK_COMPONENTS_ALL program library development)
set(CPACK_COMPONENT_DEVELOPMENT_DEPENDS library)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/packaging/finish_tree.cmake)
set(CPACK_OPSIG_SOURCE_DIR ${PROJECT_SOURCE_DIR}) # for that script

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 0upstream1) # a package that Debian makes itself is newer
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS ON)

set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME opsig)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PROGRAM_DESCRIPTION "pattern analyzer for ONNX models
opsig finds in ONNX models the operator sequences and subgraphs that go with
wrong results after conversion or optimisation, and says how strong the
evidence is. It comes with rules for defects that were reported in public,
and mines signatures from labelled corpora. Models are never run, and their
weights are never read.")

set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libopsig0)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
# What links the library needs a version of the same interface, which before 1.0 is the minor one.
math(EXPR OPSIG_NEXT_MINOR "${PROJECT_VERSION_MINOR} + 1")
configure_file(${PROJECT_SOURCE_DIR}/packaging/shlibs.in ${PROJECT_BINARY_DIR}/packaging/shlibs)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA
    ${PROJECT_SOURCE_DIR}/packaging/triggers ${PROJECT_BINARY_DIR}/packaging/shlibs)
set(CPACK_DEBIAN_LIBRARY_DESCRIPTION "pattern analyzer for ONNX models (library)
libopsig reads ONNX models without their weights, mines operator sequences and
subgraphs that go with wrong results, and looks for them in other models.

This package contains the shared library.")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libopsig-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
# The static library needs those; a program that links the shared one does not.
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SUGGESTS
    "libigraph-dev, libjansson-dev, libmd-dev, libprotobuf-c-dev, libsqlite3-dev, r-mathlib")
set(CPACK_DEBIAN_DEVELOPMENT_DESCRIPTION "pattern analyzer for ONNX models (development)
libopsig reads ONNX models without their weights, mines operator sequences and
subgraphs that go with wrong results, and looks for them in other models.

This package contains the headers, the static library, and the pkg-config and
CMake packages.")
include(CPack)
