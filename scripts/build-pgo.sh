#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds the program optimised by a profile: once to count what runs, then, after training on the
# models of examples/, again by those counts, and across files. benchmarks/README.md says what that
# gains. Needs gcc.
#
# usage: scripts/build-pgo.sh DIR
#   DIR  where to build; the program is DIR/opsig
set -euo pipefail

source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
case ${1:-} in
  '' | -*) sed -n '7,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
build=$1
corpus=$source_dir/examples/corpus

build_with() { # generate|use
  cmake -S "$source_dir" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DOPSIG_TESTS=OFF \
    -DOPSIG_LTO=ON -DOPSIG_PROFILE="$1" >/dev/null
  cmake --build "$build" --target opsig opsig_default_db >/dev/null
}

# Each job of the program on real models; workers load them, and count, too.
train() {
  local opsig=$build/opsig scratch
  scratch=$(mktemp -d)
  "$opsig" mine "$corpus/mine.csv" --oracle torch_ort --no-config -o "$scratch/mined.db" >/dev/null
  "$opsig" scan "$corpus/models" --fail-on never --no-config >/dev/null
  "$opsig" scan "$corpus/models" --fail-on never --no-config --db "$scratch/mined.db" \
    --format json -o "$scratch/scan.json" -j 1
  local subgraphs=(--kind subgraph --max-edges 0 --min-support 30 --count-only -j 1)
  "$opsig" frequent "$corpus/models" "${subgraphs[@]}" >/dev/null
  "$opsig" frequent "$corpus/models" "${subgraphs[@]}" --undirected >/dev/null
  "$opsig" frequent "$corpus/models" --max-length 6 --count-only >/dev/null
  "$opsig" hypothesis "$corpus/mine.csv" --oracle torch_ort --permutations 20 --max-paths 1000 \
    >/dev/null 2>&1 || [[ $? == 3 ]] # models with more paths are left out
  rm -rf "$scratch"
}

find "$build" -name '*.gcda' -delete 2>/dev/null || true
build_with generate
train
build_with use
"$build/opsig" version
