#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds opsig with counters, runs every test, and tells which lines and branches of src/ they
# reach. Processes that load models leave without writing their counts: what only they run is
# reached by the tests that load in the process itself.
#
# usage: scripts/coverage.sh [--no-install]
#   --no-install  leave the system's packages as they are
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() { sed -n '7,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }
case ${1:-} in
  '') scripts/install-deps.sh ;;
  --no-install) ;;
  -h | --help) usage; exit 0 ;;
  *) usage >&2; exit 2 ;;
esac
command -v gcovr >/dev/null || { echo "coverage: gcovr is not installed" >&2; exit 1; }

build=build/coverage
cmake --preset coverage -DOPSIG_TESTS=ON >/dev/null
cmake --build --preset coverage --parallel "$(nproc)" -- --quiet
find "$build" -name '*.gcda' -delete
ctest --preset coverage --parallel "$(nproc)" --timeout 900 </dev/null ||
  echo "coverage: a test failed" >&2

report() { # TITLE GCOVR_OPTION...
  printf '\n== %s\n' "$1"
  gcovr --root . --object-directory "$build" --exclude build/ --exclude-throw-branches \
    --print-summary "${@:2}" 2>"$build/gcovr.log" | tail -n 3
}
mkdir -p "$build/report"
report "src/ but for src/cli" --filter 'src/' --exclude 'src/cli/' \
  --html-details "$build/report/index.html" --csv "$build/report/files.csv"
report "src/cli" --filter 'src/cli/'
echo
echo "Lines reached, by folder:"
awk -F, 'NR > 1 { split($1, part, "/"); lines[part[2]] += $2; reached[part[2]] += $3 }
  END {
    for (f in lines) printf "  %-12s %5.1f %% of %d\n", f, 100 * reached[f] / lines[f], lines[f]
  }' \
  "$build/report/files.csv" | sort
echo "Line by line: $build/report/index.html"
