#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Fails where a source file breaks a rule of CONTRIBUTING.md that a machine can see.
#
# usage: check_style.sh SOURCE_DIR
# exit status 77 (skipped): what could be checked is right, but pmccabe is missing
set -euo pipefail
export LC_ALL=C

max_lines=60      # of a function
max_complexity=15 # of a function, a switch counted once
max_columns=100

cd "$1"
failures=0
report() { # RULE: reads offending lines
  local line
  while read -r line; do
    echo "check_style: $line: $1"
    failures=$((failures + 1))
  done
}

mapfile -t code < <(find src include tests benchmarks -name '*.[ch]' -o -name '*.h.in' | sort)
mapfile -t scripts < <(find scripts tests benchmarks .ci -name '*.sh' -o -name '*.bats' \
  -o -path '.ci/run' | sort)
mapfile -t proto < <(find proto src -name '*.proto' -o -name '*.sql' | sort)

report "no SPDX line at the top" < <(
  for file in "${code[@]}" "${scripts[@]}" "${proto[@]}"; do
    head -n 3 "$file" | grep -q 'SPDX-License-Identifier: GPL-2.0-or-later' || echo "$file"
  done)
# Columns are characters, not bytes: bytes that continue a UTF-8 character do not count.
report "longer than $max_columns columns" < <(
  awk -v max=$max_columns '{ text = $0; gsub(/[\200-\277]/, "", text) }
    length(text) > max { print FILENAME ":" FNR }' "${code[@]}" "${scripts[@]}" "${proto[@]}")
report "tab or blank at the end of a line" < <(
  grep -nE $'\t|[ ]+$' -- "${code[@]}" "${scripts[@]}" "${proto[@]}" | cut -d: -f1,2)
report "unfinished" < <(grep -nwE 'TODO|FIXME|XXX' -- "${code[@]}" | cut -d: -f1,2)
report "banned function" < <(
  grep -nE '\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|atof|alloca) *\(' -- \
    "${code[@]}" | cut -d: -f1,2)
report "allocates past base/mem.h" < <(
  find src -name '*.[ch]' ! -path 'src/base/mem.*' ! -path 'src/cli/*' -exec \
    grep -nHE '\b([cm]alloc|realloc|reallocarray|strn?dup|v?asprintf) *\(' -- {} + | cut -d: -f1,2)

if command -v pmccabe >/dev/null; then
  mapfile -t sources < <(find src -name '*.c' | sort)
  report "function past $max_lines lines or complexity $max_complexity" < <(
    pmccabe "${sources[@]}" 2>/dev/null |
      awk -F '\t' -v lines=$max_lines -v complexity=$max_complexity \
        '$5 > lines || $1 > complexity { print $6 " (" $5 " lines, complexity " $1 ")" }')
fi

if [[ $failures -gt 0 ]]; then
  echo "check_style: $failures places"
  exit 1
fi
command -v pmccabe >/dev/null || { echo "check_style: skipped: pmccabe is missing"; exit 77; }
pmccabe "${sources[@]}" 2>/dev/null | awk -F '\t' '{ print $5 }' | sort -n | awk '
  { length_of[NR] = $1 }
  END { print "check_style: " NR " functions, lines: median " length_of[int((NR + 1) / 2)] \
    ", 90th percentile " length_of[int(NR * 0.9 + 0.5)] ", longest " length_of[NR] }'
