#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# opsig frequent.

load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  load helper
  mkdir models
  model models/a.onnx 'a = Conv(x); b = Relu(a); y = Add(b, x)'
  model models/b.onnx 'a = Conv(x); b = Relu(a); y = Mul(b, x)'
  model models/c.onnx 'a = Conv(x); y = Add(a, x)'
  printf '%s\n' path,one_status,two_status models/a.onnx,consistent,crash \
    models/b.onnx,inconsistent,consistent models/c.onnx,crash,consistent >manifest.csv
  head -c 30 models/a.onnx >cut.onnx
}

setup() {
  cd "$BATS_FILE_TMPDIR"
}

@test "JSON has the documented fields and nothing else" {
  opsig frequent --format json models
  expect_status 0
  expect_json 'sorted(d)' "['by_edges', 'graphs', 'list', 'min_support', 'patterns']"
  expect_json 'd["graphs"], d["min_support"], d["patterns"]' "(3, 2, 4)"
  expect_json 'd["by_edges"]["0"], d["by_edges"]["1"]' "(3, 1)"
  expect_json '[(p["pattern"], p["support"]) for p in d["list"]]' \
    "[('Conv', 3), ('Add', 2), ('Relu', 2), ('Conv -> Relu', 2)]"
}

@test "text lists support and pattern" {
  opsig frequent models
  expect_status 0
  expect_golden frequent.txt
}

@test "--count-only leaves the list out" {
  opsig frequent --count-only --format json models
  expect_status 0
  expect_json 'd["patterns"], "list" in d' "(4, False)"
}

@test "--closed keeps patterns that no longer one has the support of" {
  opsig frequent --closed --format json models
  expect_json '[p["pattern"] for p in d["list"]]' "['Conv', 'Add', 'Conv -> Relu']"
}

@test "--max-edges and --max-length count edges and nodes" {
  opsig frequent --min-support 1 --max-edges 1 --format json models
  local one=$output
  expect_json 'max(p["edges"] for p in d["list"])' 1
  opsig frequent --min-support 1 --max-length 2 --format json models
  [[ $output == "$one" ]] || fail "two nodes are one edge"
  opsig frequent --min-support 1 --max-edges 0 --format json models
  expect_json 'max(p["edges"] for p in d["list"])' 2
}

@test "--min-support as a share is rounded up" {
  opsig frequent --min-support 100% --format json models
  expect_json 'd["min_support"], [p["pattern"] for p in d["list"]]' "(3, ['Conv'])"
  opsig frequent --min-support 34% --count-only --format json models
  expect_json 'd["min_support"]' 2
}

@test "a manifest is known by its name, or by --input; labels do not count without --oracle" {
  opsig frequent --oracle one --min-support 1 --format json manifest.csv
  expect_status 0
  expect_json 'd["graphs"]' 2
  opsig frequent --min-support 1 --format json manifest.csv
  expect_status 0
  expect_json 'd["graphs"]' 3
  cp manifest.csv manifest.data
  opsig frequent --oracle two --min-support 1 --input manifest --format json manifest.data
  expect_status 0
  expect_json 'd["graphs"]' 2
}

@test "attributes are symbols where asked for" {
  opsig frequent --alphabet op+attr --count-only --format json models
  expect_status 0
  opsig frequent --alphabet other models
  expect_usage_error "none of op, op+attr, both"
}

@test "an unreadable model is status 3 and named in the report" {
  opsig frequent --format json models cut.onnx
  expect_status 3
  expect_one_error
  expect_json 'd["graphs"], [e["path"] for e in d["errors"]]' "(3, ['cut.onnx'])"
}

@test "missing files and nothing to mine are status 2" {
  opsig frequent nowhere
  expect_usage_error "opsig: nowhere: "
  opsig frequent
  expect_usage_error "nothing to mine"
  opsig frequent --input manifest manifest.csv models
  expect_usage_error "one manifest"
  opsig frequent --max-edges x models
  expect_usage_error "--max-edges"
}

@test "a search past --max-patterns is given up with status 4" {
  opsig frequent --min-support 1 --max-patterns 2 models
  expect_status 4
  expect_one_error
}
