#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# docs/tour.md has one line for each source file in src/, and none for a file that is gone. A
# header beside its .c needs no line of its own.
#
# A heading `## src/FOLDER/` opens a folder; a line that begins with "- `FILE`" tells of a file.
#
# usage: check_tour.sh SOURCE_DIR [--draft]
#   --draft  prints lines for the files that have none, made from their opening comments
set -euo pipefail
export LC_ALL=C

cd "$1"
tour=docs/tour.md
told=$(awk '/^## src\// { folder = $2 } /^- `/ { split($0, part, "`"); print folder part[2] }' \
  "$tour" | sort)
there=$(find src -name '*.[ch]' -o -name '*.sql' -o -name operators.txt | sort |
  while read -r file; do
  [[ $file == *.h && -e ${file%.h}.c ]] || echo "$file"
done)

if [[ ${2:-} == --draft ]]; then
  comm -13 <(echo "$told") <(echo "$there") | while read -r file; do
    first=$(sed -n '2,4p' "$file" | tr '\n' ' ' |
      sed -E 's|^[/* ]*(@file [a-z_.]+)? *||; s|[.*].*||')
    echo "- \`$(basename "$file")\` $first ($file)"
  done
  exit 0
fi

status=0
if untold=$(comm -13 <(echo "$told") <(echo "$there")) && [[ -n $untold ]]; then
  echo "check_tour: $tour has no line for: ${untold//$'\n'/ }"
  status=1
fi
if gone=$(comm -23 <(echo "$told") <(echo "$there")) && [[ -n $gone ]]; then
  echo "check_tour: $tour tells of files that do not exist: ${gone//$'\n'/ }"
  status=1
fi
if twice=$(uniq -d <<<"$told") && [[ -n $twice ]]; then
  echo "check_tour: $tour tells twice of: ${twice//$'\n'/ }"
  status=1
fi
exit $status
