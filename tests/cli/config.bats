#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# .opsig.conf and the environment: what they set, which goes first, and how mistakes are told.
# fixed.db has findings of each severity in high.onnx, a medium and a low one in medium.onnx.

load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  load helper
  "$OPSIG" db import "$here/data/fixed.txt" -o fixed.db
  model high.onnx -n /pad -n /pool 'a = Pad(x); b = AveragePool(a)'
  model medium.onnx -n /pool 'b = AveragePool(x); y = Relu(b)'
}

setup() {
  cd "$BATS_TEST_TMPDIR"
  cp "$BATS_FILE_TMPDIR"/* .
}

conf() { # LINE...
  printf '%s\n' "$@" >.opsig.conf
}

@test "a section's keys are options of the command" {
  conf '[scan]' 'db = fixed.db' '; a remark' 'fail-on = medium' 'quiet = yes' 'verbose = false' \
    '[mine]' 'alpha = 0.01'
  opsig scan medium.onnx
  expect_status 1
  opsig inspect medium.onnx
  expect_status 0
}

@test "the command line goes before the environment, and that before the file" {
  conf '[scan]' 'db = nowhere.db' 'fail-on = medium'
  export OPSIG_SCAN_DB=fixed.db
  opsig scan medium.onnx
  expect_status 1
  export OPSIG_SCAN_FAIL_ON=never
  opsig scan medium.onnx
  expect_status 0
  opsig scan --fail-on low medium.onnx
  expect_status 1
  opsig scan --fail low --db nowhere.db medium.onnx
  expect_usage_error "nowhere.db"
}

@test "a letter is as good as the long option" {
  conf '[scan]' 'db = fixed.db' 'format = json' 'fail-on = never'
  opsig scan -ftext medium.onnx
  expect_in "$output" "medium.onnx: "
  opsig scan medium.onnx
  expect_in "$output" '"models"'
}

@test "a key that may be repeated is" {
  conf '[scan]' 'db = fixed.db' 'db = fixed.db' 'format = json' 'fail-on = never'
  opsig scan medium.onnx
  expect_json 'len(d["databases"])' 2
}

@test "--verbose names the file" {
  conf '[scan]' 'db = fixed.db'
  opsig scan --verbose --fail-on never medium.onnx
  expect_status 0
  expect_in "$stderr" "opsig: .opsig.conf: options are taken from this file"
}

@test "--no-config leaves the file out" {
  conf '[scan]' 'db = fixed.db'
  opsig scan --no-config --no-default medium.onnx
  expect_usage_error "--db"
}

@test "the file is that of this folder, or else that of the home folder" {
  mkdir home
  printf '[scan]\ndb = fixed.db\nfail-on = medium\n' >home/.opsig.conf
  export HOME=$PWD/home
  opsig scan medium.onnx
  expect_status 1
  conf '[scan]' 'db = fixed.db'
  opsig scan medium.onnx
  expect_status 0
}

@test "mistakes are told with their line" {
  local line expected
  while IFS='|' read -r line expected; do
    conf '# opsig' "$line" 'db = fixed.db'
    opsig scan high.onnx
    expect_usage_error "opsig: .opsig.conf:$expected"
  done <<'EOT'
[scna]|3: [scna] is no command; did you mean [scan]?
[xylophone]|3: [xylophone] is no command
[help]|3: [help] is no command
|3: 'db' stands in no section
EOT
  while IFS='|' read -r line expected; do
    conf '[scan]' '' "$line"
    opsig scan high.onnx
    expect_usage_error "opsig: .opsig.conf:$expected"
  done <<'EOT'
fail_on = low|3: scan has no option 'fail_on'; did you mean 'fail-on'?
origin = x|3: scan has no option 'origin'
zzz = 1|3: scan has no option 'zzz'
fail-on = severe|3: --fail-on: 'severe' is none of low, medium, high, never
jobs = 0|3: --jobs: '0' is no whole number from 1 to 1024
quiet = maybe|3: quiet is true or false, not 'maybe'
no equals sign|3: neither '[command]' nor 'option = value'
[mine|3: neither
output = report.txt|3: 'output' can stand on the command line only
EOT
}

@test "slips in other commands' sections are found too" {
  conf '[scan]' 'db = fixed.db' '[mine]' 'alhpa = 0.1'
  opsig scan high.onnx
  expect_usage_error ".opsig.conf:4: mine has no option 'alhpa'; did you mean 'alpha'?"
}

@test "a bad value of the environment is told with its name" {
  OPSIG_SCAN_FAIL_ON=severe opsig scan --db fixed.db high.onnx
  expect_usage_error "opsig: OPSIG_SCAN_FAIL_ON: --fail-on: 'severe' is none of"
  OPSIG_SCAN_QUIET=2 opsig scan --db fixed.db high.onnx
  expect_usage_error "OPSIG_SCAN_QUIET: quiet is true or false"
}

@test "mistakes of the command line are not blamed on the file" {
  conf '[scan]' 'db = fixed.db'
  opsig scan
  expect_usage_error "opsig: scan: nothing to scan"
  opsig scan --fail-on severe high.onnx
  expect_usage_error "opsig: scan: --fail-on"
}

@test "long lines and endless files are refused" {
  conf '[scan]' "include = $(printf 'x%.0s' {1..300})"
  opsig scan --db fixed.db high.onnx
  expect_usage_error ".opsig.conf:2: longer than"
  { echo '[scan]'; yes ''; } | head -n 10002 >.opsig.conf
  opsig scan --db fixed.db high.onnx
  expect_usage_error "more than 10000 lines"
  rm .opsig.conf
  mkdir .opsig.conf
  opsig scan --db fixed.db high.onnx
  expect_usage_error ".opsig.conf"
}

@test "labels, rules and sources in the file are blamed on it" {
  conf '[mine]' 'tolerance = abc'
  opsig mine manifest.csv -o no.db
  expect_usage_error "opsig: .opsig.conf:2: --tolerance: 'abc'"
  conf '[scan]' 'target = ='
  opsig scan high.onnx
  expect_usage_error "opsig: .opsig.conf:2: --target: '='"
}

@test "what a scan looks for can stand in the file" {
  cp "$here/data/sound.rules" .
  conf '[scan]' 'rules = sound.rules' 'target = onnxruntime=1.20' 'target = tvm'
  opsig scan high.onnx
  expect_in "$output" "pad-averagepool"
  conf '[scan]' 'no-default = true'
  opsig scan high.onnx
  expect_usage_error "nothing to look for"
}

@test "help needs no valid file" {
  conf 'nonsense'
  opsig scan --help
  expect_status 0
  opsig help scan
  expect_status 0
}
