#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The program in docs/api.md compiles, and finds in a model what `opsig scan` finds in it.
#
# usage: check_example.sh SOURCE_DIR LIBRARY OPSIG DATABASE WORK_DIR COMPILER INCLUDE_DIR...
#        [-- FLAG...]
set -euo pipefail
export LC_ALL=C

source_dir=$1 library=$2 opsig=$3 database=$4 work_dir=$5 compiler=$6
shift 6
arguments=()
while [[ $# -gt 0 && $1 != -- ]]; do
  arguments+=("-I$1")
  shift
done
arguments+=("${@:2}")

rm -rf "$work_dir"
mkdir -p "$work_dir"
sed -n '/^```c$/,/^```$/{/^```/!p}' "$source_dir/docs/api.md" >"$work_dir/program.c"
"$compiler" -std=c11 -Wall -Wextra -Wpedantic -Werror "${arguments[@]}" "$work_dir/program.c" \
  "$library" -Wl,-rpath,"$(dirname "$library")" -o "$work_dir/program"

model=$source_dir/examples/corpus/models/wide-001609.onnx
"$work_dir/program" "$database" "$model" | cut -d' ' -f2 >"$work_dir/found"
"$opsig" scan --no-config --db "$database" --fail-on never --format csv "$model" |
  awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "id") column = i }
    NR > 1 { print $column }' >"$work_dir/expected"
[[ -s $work_dir/found ]] || { echo "check_example: nothing is found"; exit 1; }
diff "$work_dir/expected" "$work_dir/found"

if "$work_dir/program" "$database.missing" "$model" 2>"$work_dir/error"; then
  echo "check_example: a missing database is no error"
  exit 1
fi
grep -q '^not.found: ' "$work_dir/error"
