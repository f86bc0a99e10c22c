#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Times loading models by opsig, by onnx.load and by C++ protobuf, in turns within one run.
#
# usage: benchmarks/run.sh [ROUNDS]   (default 5)
# Builds in build/bench, writes build/bench/load.csv and prints a table of medians. Contenders
# that this machine lacks are left out.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "${BASH_SOURCE[0]}")/.."
rounds=${1:-5}
build=build/bench

cmake -G Ninja -B "$build" -DCMAKE_BUILD_TYPE=Release -DOPSIG_TESTS=OFF -DOPSIG_BENCHMARKS=ON \
  >/dev/null
ninja -C "$build" benchmarks/all >/dev/null
bin=$build/benchmarks

data=$build/data
if [[ ! -e $data/complete ]]; then
  rm -rf "$data" && mkdir -p "$data/small"
  "$bin/bench_generate" small 1000 "$data/small"
  "$bin/bench_generate" nodes 100000 "$data/nodes.onnx"
  "$bin/bench_generate" weights $((1 << 30)) "$data/weights.onnx"
  touch "$data/complete"
fi

declare -A command=([opsig]="$bin/bench_load")
contenders=(opsig)
if [[ -x $bin/bench_load_cc ]]; then
  command[protobuf]=$bin/bench_load_cc
  contenders+=(protobuf)
fi
if /usr/bin/python3 -c 'import onnx' 2>/dev/null; then
  command[onnx.load]="/usr/bin/python3 benchmarks/load.py"
  contenders+=(onnx.load)
fi
cases=(start small nodes weights)
declare -A what=([start]="start, no model" [small]="1,000 models of 20 to 59 nodes"
  [nodes]="1 model of 100,000 nodes" [weights]="1 model with 1 GiB of weights")
files_of() {
  case $1 in
    start) ;;
    small) printf '%s\n' "$data"/small/*.onnx ;;
    *) echo "$data/$1.onnx" ;;
  esac
}

samples=$(mktemp -d)
trap 'rm -rf "$samples"' EXIT
for ((round = 0; round < rounds; round++)); do
  for case in "${cases[@]}"; do
    mapfile -t files < <(files_of "$case")
    for contender in "${contenders[@]}"; do
      # shellcheck disable=SC2086 # a command and its first argument
      printed=$("$bin/bench_measure" "$samples/$case.$contender" ${command[$contender]} \
        "${files[@]}")
      expected=${seen:-$printed}
      [[ $contender == opsig ]] && expected=$printed
      [[ $printed == "$expected" ]] ||
        echo "run: $case: $contender finds $printed operators, opsig $expected" >&2
      seen=$expected
    done
  done
done

median() { # COLUMN FILE
  awk -v column="$1" '{ print $column }' "$2" | sort -n |
    awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int((NR + 2) / 2)]) / 2 }'
}
csv=$build/load.csv
echo "case,contender,median_ms,median_kib,time_ratio,memory_ratio,rounds" >"$csv"
printf '%-32s %-10s %12s %12s %10s %10s\n' case contender ms MiB time/opsig mem/opsig
for case in "${cases[@]}"; do
  for contender in "${contenders[@]}"; do
    ms=$(median 1 "$samples/$case.$contender")
    kib=$(median 2 "$samples/$case.$contender")
    if [[ $contender == opsig ]]; then
      base_ms=$ms base_kib=$kib
    fi
    awk -v case="${what[$case]}" -v name="$contender" -v ms="$ms" -v kib="$kib" \
      -v base_ms="$base_ms" -v base_kib="$base_kib" -v rounds="$rounds" -v csv="$csv" \
      -v id="$case" \
      'BEGIN { t = ms / base_ms; m = kib / base_kib
        printf "%-32s %-10s %12.1f %12.1f %10.1f %10.1f\n", case, name, ms, kib / 1024, t, m
        printf "%s,%s,%.3f,%d,%.2f,%.2f,%d\n", id, name, ms, kib, t, m, rounds >> csv }'
  done
done
echo "run: medians of $rounds rounds; also in $csv"
