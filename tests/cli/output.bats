#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What is written appears whole or not at all: failures to write, interruptions.

load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  load helper
  "$OPSIG" db import "$here/data/fixed.txt" -o fixed.db
  model high.onnx 'a = Pad(x); b = AveragePool(a); y = Relu(b)'
  make_corpus corpus
}

setup() {
  cd "$BATS_FILE_TMPDIR"
  out=$BATS_TEST_TMPDIR/out
  mkdir "$out"
}

# The folder holds nothing but the target, which is as it was.
expect_untouched() {
  [[ $(ls -A "$out") == target && $(cat "$out/target") == old ]] ||
    fail "the target or its folder changed: $(ls -A "$out")"
}

@test "-o replaces a file as a whole and leaves nothing beside it" {
  echo old >"$out/target"
  opsig scan --db fixed.db -o "$out/target" high.onnx
  expect_status 1
  [[ -z $output && -z $stderr ]]
  [[ $(ls -A "$out") == target ]]
  grep -q "1 model: " "$out/target"
  opsig scan --db fixed.db high.onnx
  [[ $output == "$(cat "$out/target")" ]] || fail "the file differs from standard output"
}

@test "-o - is standard output" {
  opsig inspect -o - high.onnx
  expect_status 0
  expect_in "$output" "high.onnx"
}

@test "a usage error or a missing file leaves the target" {
  echo old >"$out/target"
  opsig scan --db fixed.db -o "$out/target" nowhere.onnx
  expect_status 2
  expect_untouched
  opsig scan --db nowhere.db -o "$out/target" high.onnx
  expect_status 2
  expect_untouched
  opsig db export nowhere.db -o "$out/target"
  expect_status 2
  expect_untouched
}

@test "a folder that is not there is status 4 and one line" {
  for command in "scan --db fixed.db high.onnx" "inspect high.onnx" "frequent high.onnx" \
    "db list fixed.db" "db export fixed.db" "version" "mine corpus/manifest.csv --oracle ort" \
    "db import $here/data/fixed.txt"; do
    # shellcheck disable=SC2086
    opsig $command -o "$out/no/such/folder"
    expect_status 4
    expect_one_error
    expect_in "$stderr" "opsig: $out/no/such/folder: "
  done
}

@test "a full disk is status 4 for every command and format" {
  [[ -w /dev/full ]] || skip "no /dev/full"
  for command in "scan --db fixed.db high.onnx" "scan --db fixed.db --format json high.onnx" \
    "inspect high.onnx" "inspect --format json high.onnx" "inspect --format dot high.onnx" \
    "inspect --format graphml high.onnx" "frequent --min-support 1 high.onnx" \
    "frequent --min-support 1 --format json high.onnx" "db list fixed.db" "db info fixed.db" \
    "db show fixed.db OPS-99" "db export fixed.db" "version" "help"; do
    run -4 --separate-stderr bash -c "\"\$OPSIG\" $command >/dev/full"
    [[ ${#stderr_lines[@]} -eq 1 ]] || fail "expected one line of $command"
    [[ $command == help ]] || run -4 --separate-stderr bash -c "\"\$OPSIG\" $command -o /dev/full"
  done
}

@test "a reader that goes away is status 4, not a signal" {
  yes high.onnx | head -n 3000 >list
  run -4 --separate-stderr bash -c \
    'set -o pipefail; "$OPSIG" scan --db fixed.db --format json --files-from list | head -c 10'
}

@test "an interrupted scan is status 130 and leaves the target" {
  yes high.onnx | head -n 200000 >list
  for signal in INT TERM; do
    for jobs in 1 2; do
      echo old >"$out/target"
      "$OPSIG" scan --db fixed.db -j "$jobs" --files-from list -o "$out/target" 2>err &
      local pid=$!
      for _ in {1..100}; do
        [[ ! -e $out/target.opsig-tmp ]] || break
        sleep 0.1
      done
      kill -"$signal" "$pid"
      status=0
      wait "$pid" || status=$?
      output='' stderr=$(cat err)
      expect_status 130
      expect_untouched
      [[ $stderr == "opsig: interrupted" ]] || fail "expected one line"
    done
  done
}

@test "an interruption is noticed while standard input keeps silent" {
  mkfifo "$out/pipe"
  exec 8<>"$out/pipe"
  "$OPSIG" scan --db fixed.db - <"$out/pipe" 2>/dev/null &
  local pid=$!
  sleep 0.5
  kill -TERM "$pid"
  status=0
  wait "$pid" || status=$?
  exec 8>&-
  [[ $status -eq 130 ]]
}

@test "--timeout holds for standard input that keeps silent" {
  mkfifo "$out/pipe"
  exec 8<>"$out/pipe"
  run -3 --separate-stderr "$OPSIG" scan --db fixed.db --timeout 0.2 - <"$out/pipe"
  exec 8>&-
  expect_in "$stderr" "--timeout"
}

@test "an interrupted mine is status 130 and leaves the old database" {
  awk -F, 'NR == 1 { print; next } { for (i = 0; i < 5000; i++) print }' corpus/manifest.csv \
    >corpus/long.csv
  cp fixed.db "$out/target"
  "$OPSIG" mine corpus/long.csv --oracle ort -o "$out/target" 2>err >/dev/null &
  local pid=$!
  sleep 0.5
  kill -TERM "$pid"
  status=0
  wait "$pid" || status=$?
  [[ $status -eq 130 ]] || fail "$(cat err)"
  cmp fixed.db "$out/target"
  [[ $(ls -A "$out") == target ]]
}
