# SPDX-License-Identifier: GPL-2.0-or-later
# The target `docs`: the API reference as web pages in docs/ of the build, where Doxygen is.
find_program(OPSIG_DOXYGEN doxygen)
if(OPSIG_DOXYGEN)
  add_custom_target(docs
    COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/docs
    COMMAND ${CMAKE_COMMAND} -E env OPSIG_DOCS_DIR=${PROJECT_BINARY_DIR}/docs
            OPSIG_VERSION=${PROJECT_VERSION}
            OPSIG_GENERATED=${PROJECT_BINARY_DIR}/include/opsig/version.h
            ${OPSIG_DOXYGEN} docs/Doxyfile
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} VERBATIM)
endif()
