# SPDX-License-Identifier: GPL-2.0-or-later
# What `cmake --install` puts in place: program, libraries, headers, manual page, pkg-config file,
# CMake package, default database. Its components are the packages of OpsigPackage.cmake: program,
# library (what programs run with), development (what they are built with).
include(CMakePackageConfigHelpers)

install(TARGETS opsig RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
install(TARGETS libopsig libopsig_static EXPORT opsigTargets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library NAMELINK_COMPONENT development
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/opsig ${PROJECT_BINARY_DIR}/include/opsig
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development FILES_MATCHING PATTERN "*.h")
install(FILES ${PROJECT_SOURCE_DIR}/docs/man/opsig.1
  DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT program)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs/schema
  DESTINATION ${CMAKE_INSTALL_DATADIR}/opsig COMPONENT program FILES_MATCHING PATTERN "*.json")

install(PROGRAMS ${PROJECT_SOURCE_DIR}/scripts/ci-scan.sh
  DESTINATION ${CMAKE_INSTALL_DATADIR}/opsig COMPONENT program)

# Shell completion, as the program itself prints it. Debian's zsh looks below vendor-completions.
if(CMAKE_INSTALL_PREFIX STREQUAL /usr AND EXISTS /etc/debian_version)
  set(OPSIG_ZSH_DIR ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
else()
  set(OPSIG_ZSH_DIR ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
endif()
set(_completion ${PROJECT_BINARY_DIR}/completion)
foreach(shell bash zsh fish)
  add_custom_command(OUTPUT ${_completion}/opsig.${shell}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${_completion}
    COMMAND opsig completion ${shell} --no-config -o ${_completion}/opsig.${shell}
    DEPENDS opsig VERBATIM)
  list(APPEND _scripts ${_completion}/opsig.${shell})
endforeach()
add_custom_target(opsig_completion ALL DEPENDS ${_scripts})
install(FILES ${_completion}/opsig.bash RENAME opsig
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT program)
install(FILES ${_completion}/opsig.zsh RENAME _opsig
  DESTINATION ${OPSIG_ZSH_DIR} COMPONENT program)
install(FILES ${_completion}/opsig.fish
  DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT program)

# Paths in opsig.pc stand relative to the file, so that an installed tree can be moved.
file(RELATIVE_PATH OPSIG_PC_PREFIX
  ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(JOIN " " OPSIG_PC_PRIVATE ${OPSIG_PRIVATE_LIBRARIES})
configure_file(${PROJECT_SOURCE_DIR}/cmake/opsig.pc.in ${PROJECT_BINARY_DIR}/opsig.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/opsig.pc
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)

set(_package ${CMAKE_INSTALL_LIBDIR}/cmake/opsig)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/opsigConfig.cmake.in
  ${PROJECT_BINARY_DIR}/opsigConfig.cmake INSTALL_DESTINATION ${_package})
# Until 1.0 a new minor version may break what stood on the one before.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/opsigConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/opsigConfig.cmake
              ${PROJECT_BINARY_DIR}/opsigConfigVersion.cmake
  DESTINATION ${_package} COMPONENT development)
install(EXPORT opsigTargets NAMESPACE opsig:: DESTINATION ${_package} COMPONENT development)

# The database that `opsig scan` uses where none is named, made by the program itself of the rules
# and signatures in patterns/.
file(GLOB _patterns CONFIGURE_DEPENDS
  ${PROJECT_SOURCE_DIR}/patterns/*.rules ${PROJECT_SOURCE_DIR}/patterns/mined/*.txt)
set(_default_db ${PROJECT_BINARY_DIR}/share/opsig/default.db)
add_custom_command(OUTPUT ${_default_db}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/share/opsig
  COMMAND opsig db import --no-config ${_patterns} -o ${_default_db}
  DEPENDS opsig ${_patterns} VERBATIM)
add_custom_target(opsig_default_db ALL DEPENDS ${_default_db})
install(FILES ${_default_db} DESTINATION ${CMAKE_INSTALL_DATADIR}/opsig COMPONENT program)
