#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Fuzzes: builds the preset fuzz (clang, libFuzzer, address and undefined behaviour sanitizers) and
# runs each target for some seconds, or a number of times, from its seeds and what was found before.
#
# usage: tests/fuzz/run.sh (SECONDS | --runs N) [TARGET...]
# Prints executions, features reached and findings; what is found lies in build/fuzz/found.
# exit status: 0 nothing was found, 1 something was, 77 clang is missing
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
[[ $# -ge 1 ]] || { sed -n 's/^# usage: /usage: /p' "${BASH_SOURCE[0]}" >&2; exit 2; }
command -v clang >/dev/null || { echo "run: clang is missing" >&2; exit 77; }
case $1 in
  --runs) until=(-runs="${2:?}") && shift 2 ;;
  *) until=(-max_total_time="$1") && shift ;;
esac
targets=("$@")
[[ ${#targets[@]} -gt 0 ]] || targets=(model rules manifest gspan database pattern)

# Bytes of an input: texts are looked at more often where they are short.
largest() { # TARGET
  case $1 in
    model | database) echo 65536 ;;
    *) echo 2048 ;;
  esac
}

cmake --preset fuzz >/dev/null
cmake --build --preset fuzz --target "${targets[@]/#/fuzz_}" -- --quiet
build=build/fuzz
mkdir -p "$build/found"
status=0
printf '%-10s %12s %10s %10s %8s\n' target executions features seconds findings
for target in "${targets[@]}"; do
  mkdir -p "$build/corpus/$target"
  log=$build/$target.log
  "$build/tests/fuzz/fuzz_$target" "${until[@]}" -timeout=20 \
    -max_len="$(largest "$target")" -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$build/found/$target-" \
    -dict="tests/fuzz/dictionaries/$target.dict" "$build/corpus/$target" \
    "tests/fuzz/seeds/$target" >"$log" 2>&1 || status=1
  findings=$(find "$build/found" -name "$target-*" | wc -l)
  printf '%-10s %12s %10s %10s %8s\n' "$target" \
    "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" \
    "$(sed -n 's/.* ft: \([0-9]*\).*/\1/p' "$log" | tail -n 1)" \
    "$(sed -n 's/^Done .* in \([0-9]*\) second.*/\1/p' "$log")" "$findings"
done
exit $status
