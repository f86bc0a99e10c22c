#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every public header compiles when it is included alone, and twice: as strict C11, as C++17.
#
# usage: check_headers.sh LANGUAGE COMPILER INCLUDE_DIR...
#   LANGUAGE  c or c++
# exit status 77 (skipped): the compiler is missing
set -euo pipefail

language=$1 compiler=$2
shift 2
if ! command -v "$compiler" >/dev/null; then
  echo "check_headers: skipped: there is no $compiler"
  exit 77
fi
case $language in
  c) flags=(-x c -std=c11 -Wstrict-prototypes) ;;
  c++) flags=(-x c++ -std=c++17) ;;
esac
flags+=(-pedantic -pedantic-errors -Wall -Wextra -Wundef -Wshadow -Werror -fsyntax-only)
includes=("${@/#/-I}")

count=0
for header in $(cd "$1" && ls opsig/*.h) opsig/version.h; do
  printf '#include <%s>\n#include <%s>\nextern int used;\n' "$header" "$header" |
    "$compiler" "${flags[@]}" "${includes[@]}" -
  count=$((count + 1))
done
echo "check_headers: $count headers compile alone as $language"
