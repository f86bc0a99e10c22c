# Compile options of all of the project's own code: target opsig_compile.
add_library(opsig_compile INTERFACE)
target_compile_definitions(opsig_compile INTERFACE _GNU_SOURCE)
target_include_directories(opsig_compile INTERFACE
  ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/include ${PROJECT_BINARY_DIR}/include)
target_compile_options(opsig_compile INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wstrict-prototypes
  -Wmissing-prototypes -Wcast-qual -Wformat=2 -Wundef -Wvla -Wwrite-strings
  -fno-common -ffp-contract=off -fstack-protector-strong)
if(OPSIG_WERROR)
  target_compile_options(opsig_compile INTERFACE -Werror)
endif()
target_compile_options(opsig_compile INTERFACE
  $<$<CONFIG:Release>:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2>)
target_link_options(opsig_compile INTERFACE LINKER:-z,relro,-z,now)

if(OPSIG_SANITIZE)
  string(REPLACE ";" "," _sanitizers "${OPSIG_SANITIZE}")
  target_compile_options(opsig_compile INTERFACE
    -fsanitize=${_sanitizers} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(opsig_compile INTERFACE -fsanitize=${_sanitizers})
  target_compile_definitions(opsig_compile INTERFACE OPSIG_ARENA_DEBUG)
endif()
