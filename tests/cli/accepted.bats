#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Findings that do not count: ignore files and baselines of opsig scan. high.onnx has three findings
# (high, medium, low), twice.onnx the same with two places each.

load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  load helper
  "$OPSIG" db import "$here/data/fixed.txt" -o fixed.db
  model high.onnx -n /pad -n /pool -n /relu 'a = Pad(x); b = AveragePool(a); y = Relu(b)'
  model twice.onnx 'a = Pad(x); b = AveragePool(a); c = AveragePool(a); y = Add(b, c)'
}

setup() {
  cd "$BATS_TEST_TMPDIR"
  mkdir -p models/sub
  cp "$BATS_FILE_TMPDIR"/fixed.db .
  cp "$BATS_FILE_TMPDIR"/high.onnx models/a.onnx
  cp "$BATS_FILE_TMPDIR"/high.onnx models/sub/b.onnx
}

high=OPS-998bd8308727 medium=OPS-55c2d5886acf

scan() {
  opsig scan --db fixed.db "$@"
}

@test "an ignored finding does not count and stays in the report with its reason" {
  echo "$high a.onnx looked at in May" >models/.opsigignore
  scan --format json models/a.onnx
  expect_status 0
  expect_json 'd["models"][0]["findings"][0]["id"]' "$high"
  expect_json 'd["models"][0]["findings"][0]["state"]' ignored
  expect_json 'd["models"][0]["findings"][0]["reason"]' "looked at in May"
  expect_json 'd["summary"]["findings"], d["summary"]["ignored"], d["summary"]["known"]' \
    "({'high': 0, 'medium': 1, 'low': 1}, 1, 0)"
  scan --fail-on medium models/a.onnx
  expect_status 1
  expect_in "$output" "models/a.onnx: 2 findings, 1 ignored"
  expect_not_in "$output" "$high"
  scan --verbose models/a.onnx
  expect_in "$output" "ignored: looked at in May"
}

@test "the ignore file is that in or beside what is scanned, its paths those of its folder" {
  echo "$high sub/* all of sub" >models/.opsigignore
  scan --format json models
  expect_status 1
  expect_json '[m["findings"][0].get("state") for m in d["models"]]' "[None, 'ignored']"
  scan --format json models/sub/b.onnx
  expect_status 1
  mv models/.opsigignore .opsigignore
  sed -i 's,sub/,models/sub/,' .opsigignore
  scan --format json models
  expect_json 'd["summary"]["ignored"]' 1
  : >nothing
  scan --ignore-file nothing --format json models
  expect_json 'd["summary"]["ignored"]' 0
}

@test "--ignore-file names another" {
  mkdir ci
  echo "$high ../models/* elsewhere" >ci/ignores
  scan --ignore-file ci/ignores models
  expect_status 0
  scan --ignore-file ci/none models
  expect_usage_error "ci/none"
}

@test "expired and unused lines are told" {
  printf '%s\n' "$high * until=2020-02-29 long ago" "$medium * until=2999-12-31 fine" \
    "OPS-000000000000 * never seen" >models/.opsigignore
  scan models
  expect_status 1
  expect_in "$stderr" \
    "opsig: models/.opsigignore: warning: line 1 ($high) has expired: 2020-02-29"
  expect_in "$stderr" "models/.opsigignore: warning: line 3 (OPS-000000000000) covers no finding"
  [[ ${#stderr_lines[@]} -eq 2 ]]
  scan --quiet models
  [[ -z $stderr ]]
}

@test "a mistake in an ignore file is told with its place, and nothing is scanned" {
  printf '%s\n' "# fine" "$high *" >models/.opsigignore
  scan models
  expect_usage_error "opsig: models/.opsigignore: line 2, column 19: the reason is missing"
}

@test "what a baseline covers is known, what has grown counts" {
  scan --write-baseline base.json --fail-on never models
  expect_status 0
  expect_golden baseline.json base.json
  scan --baseline base.json --fail-on low models
  expect_status 0
  expect_in "$output" "models/a.onnx: no finding, 3 known"
  scan --baseline base.json --format json models
  expect_json 'd["summary"]["known"], d["summary"]["findings"]' \
    "(6, {'high': 0, 'medium': 0, 'low': 0})"
  cp "$BATS_FILE_TMPDIR"/twice.onnx models/a.onnx
  scan --baseline base.json models
  expect_status 1
  cp models/sub/b.onnx models/new.onnx
  scan --baseline base.json models/new.onnx
  expect_status 1
}

@test "--only-new leaves out of every report what does not count, but for its number" {
  echo "$high a.onnx looked at in May" >models/.opsigignore
  scan --write-baseline base.json --fail-on never models/sub
  scan --only-new --baseline base.json --format json --fail-on low models
  expect_status 1
  expect_json '[len(m["findings"]) for m in d["models"]]' "[2, 0]"
  expect_json '{f.get("state") for m in d["models"] for f in m["findings"]}' "{None}"
  expect_json '{f.get("covered_by") for m in d["models"] for f in m["findings"]}' "{None}"
  expect_json 'd["summary"]["ignored"], d["summary"]["known"]' "(1, 3)"
  scan --only-new --baseline base.json --format sarif --fail-on never models
  expect_json 'len(d["runs"][0]["results"])' 2
  expect_not_in "$output" suppressions
  scan --only-new --baseline base.json models/sub
  expect_in "$output" "models/sub/b.onnx: no finding"
  expect_in "$output" "3 known"
  scan --baseline base.json --format json --fail-on low models/sub/b.onnx
  expect_json '[f.get("covered_by") for f in d["models"][0]["findings"]]' \
    "[None, '$high', '$high']"
  scan --only-new --ignore-file models/.opsigignore --format json models/sub/b.onnx
  expect_json '[f.get("covered_by") for f in d["models"][0]["findings"]]' \
    "[None, '$high', '$high']"
}

@test "a baseline is the same from any folder" {
  scan --write-baseline base.json --fail-on never models
  (cd models/sub && "$OPSIG" scan --db ../../fixed.db --write-baseline ../../other.json \
    --fail-on never "$BATS_TEST_TMPDIR/models" >/dev/null)
  cmp base.json other.json
  cd models
  opsig scan --db ../fixed.db --baseline ../base.json --fail-on low sub/b.onnx
  expect_status 0
}

@test "a baseline may be brought up to date in one run, without what is ignored" {
  scan --write-baseline base.json --fail-on never models/a.onnx
  echo "$medium * no matter" >models/.opsigignore
  scan --baseline base.json --write-baseline base.json models/a.onnx
  expect_status 0
  run -1 grep "$medium" base.json
  grep -q "$high" base.json
}

@test "the status does not hang on the format, nor is a baseline written when a scan fails" {
  echo "$high * fine" >models/.opsigignore
  for format in text json; do
    scan --format "$format" --fail-on high models
    expect_status 0
    scan --format "$format" --fail-on medium models
    expect_status 1
  done
  [[ -w /dev/full ]] || skip "no /dev/full"
  scan --write-baseline base.json -o /dev/full models
  expect_status 4
  [[ ! -e base.json ]]
  scan --write-baseline none/base.json models
  expect_status 4
}

@test "what is no baseline is a usage error" {
  echo '{"opsig_baseline": 7, "findings": []}' >base.json
  scan --baseline base.json models
  expect_usage_error "opsig: base.json: a baseline of version 7"
  scan --baseline none.json models
  expect_usage_error "none.json"
  printf '{\n x' >base.json
  scan --baseline base.json models
  expect_usage_error "base.json: line 2, column 2: "
}
