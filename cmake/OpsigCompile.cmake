# SPDX-License-Identifier: GPL-2.0-or-later
# Compile options of all of the project's own code.
#   opsig_flags    warnings, hardening, sanitizers, and the public headers: what the program sees
#   opsig_compile  the same with src/ as well: what the library and its unit tests see
add_library(opsig_flags INTERFACE)
target_compile_definitions(opsig_flags INTERFACE _GNU_SOURCE)
target_include_directories(opsig_flags INTERFACE
  ${PROJECT_SOURCE_DIR}/include ${PROJECT_BINARY_DIR}/include)
target_compile_options(opsig_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wstrict-prototypes
  -Wmissing-prototypes -Wcast-qual -Wformat=2 -Wundef -Wvla -Wwrite-strings
  -fno-common -ffp-contract=off -fstack-protector-strong)
if(OPSIG_WERROR)
  target_compile_options(opsig_flags INTERFACE -Werror)
endif()
target_compile_options(opsig_flags INTERFACE
  $<$<CONFIG:Release>:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2>)
target_link_options(opsig_flags INTERFACE LINKER:-z,relro,-z,now,-z,noexecstack)

# tests/check_hardening.sh looks whether all of that is in the result.
include(CheckCCompilerFlag)
include(CheckPIESupported)
check_pie_supported(LANGUAGES C)
foreach(flag -fstack-clash-protection -fcf-protection) # not on every processor
  string(MAKE_C_IDENTIFIER OPSIG_HAS${flag} known)
  check_c_compiler_flag(${flag} ${known})
  if(${known})
    target_compile_options(opsig_flags INTERFACE ${flag})
  endif()
endforeach()

if(OPSIG_SANITIZE)
  string(REPLACE ";" "," _sanitizers "${OPSIG_SANITIZE}")
  set(OPSIG_SANITIZE_FLAGS -fsanitize=${_sanitizers} -fno-sanitize-recover=all)
  target_compile_options(opsig_flags INTERFACE ${OPSIG_SANITIZE_FLAGS} -fno-omit-frame-pointer)
  target_link_options(opsig_flags INTERFACE ${OPSIG_SANITIZE_FLAGS})
  if("address" IN_LIST OPSIG_SANITIZE)
    target_compile_definitions(opsig_flags INTERFACE OPSIG_ARENA_RED_ZONES)
  endif()
endif()

if(OPSIG_LTO)
  include(CheckIPOSupported)
  check_ipo_supported(LANGUAGES C)
  set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
endif()

# Counts lie beside the objects. Files that the training did not reach are compiled as ever.
set(OPSIG_PROFILE_FLAGS_generate -fprofile-generate -fprofile-update=atomic)
set(OPSIG_PROFILE_FLAGS_use -fprofile-use -fprofile-partial-training -Wno-missing-profile)
if(OPSIG_PROFILE)
  if(NOT DEFINED OPSIG_PROFILE_FLAGS_${OPSIG_PROFILE})
    message(FATAL_ERROR "OPSIG_PROFILE is generate or use, not ${OPSIG_PROFILE}")
  endif()
  target_compile_options(opsig_flags INTERFACE ${OPSIG_PROFILE_FLAGS_${OPSIG_PROFILE}})
  target_link_options(opsig_flags INTERFACE ${OPSIG_PROFILE_FLAGS_${OPSIG_PROFILE}})
endif()

if(OPSIG_FUZZ)
  target_compile_options(opsig_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

if(OPSIG_COVERAGE)
  set(OPSIG_COVERAGE_FLAGS --coverage -fprofile-update=atomic)
  target_compile_options(opsig_flags INTERFACE ${OPSIG_COVERAGE_FLAGS})
  target_link_options(opsig_flags INTERFACE ${OPSIG_COVERAGE_FLAGS})
endif()

add_library(opsig_compile INTERFACE)
target_include_directories(opsig_compile INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_link_libraries(opsig_compile INTERFACE opsig_flags)
