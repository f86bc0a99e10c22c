#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Times the search for frequent subgraphs on graphs in gSpan's text format, with one and two
# threads.
#
# usage: benchmarks/subgraphs.sh FOLDER [ROUNDS]   (default 3)
# FOLDER has reference.csv (dataset, directed, minsup_graphs, max_edges, number of patterns, ...)
# and the data sets that it names. Whole processes; prints a Markdown table of medians, and stops
# where a number of patterns is not that of the table. Takes the programs that run.sh builds, or
# $OPSIG in place of its opsig.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=${1:?"usage: benchmarks/subgraphs.sh FOLDER [ROUNDS]"}
rounds=${2:-3}
bin=build/bench/benchmarks
opsig=${OPSIG:-build/bench/src/opsig}
samples=$(mktemp -d)
trap 'rm -rf "$samples"' EXIT

median() { # COLUMN FILE
  sort -n -k "$1,$1" "$2" |
    awk -v column="$1" '{ v[NR] = $column } END { print v[int((NR + 1) / 2)] }'
}

echo "| data set | | support | edges | patterns | 1 thread | 2 threads |"
echo "| --- | --- | ---: | ---: | ---: | ---: | ---: |"
while IFS=, read -r dataset directed support edges patterns _; do
  options=(--input gspan "$folder/$dataset.txt" --min-support "$support" --max-edges "${edges:-0}"
    --count-only --quiet)
  [[ $directed == 1 ]] || options+=(--undirected)
  cells=
  for threads in 1 2; do
    file=$samples/$threads
    : >"$file"
    for ((round = 0; round < rounds; round++)); do
      found=$("$bin/bench_measure" "$file" "$opsig" frequent "${options[@]}" -j "$threads" |
        awk 'NR == 1 { print $1 }')
      [[ $found == "$patterns" ]] ||
        { echo "subgraphs: $dataset at $support: $found patterns, not $patterns" >&2; exit 1; }
    done
    cells+=$(awk -v ms="$(median 1 "$file")" -v kib="$(median 2 "$file")" \
      'BEGIN { printf " %.0f ms, %.0f MiB |", ms, kib / 1024 }')
  done
  kind=$([[ $directed == 1 ]] && echo directed || echo undirected)
  echo "| $dataset | $kind | $support | ${edges:-any} | $patterns |$cells"
done < <(tail -n +2 "$folder/reference.csv")
