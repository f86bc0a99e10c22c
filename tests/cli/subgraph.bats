#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# opsig frequent, subgraphs.

load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  load helper
  mkdir models
  model models/one.onnx 'a = Conv(x, w); b = Relu(a); c = Sigmoid(a); d = Add(b, c)'
  model models/two.onnx 'a = Conv(x, w); b = Relu(a); c = Sigmoid(a); d = Add(c, b); e = Abs(d)'
  cp "$BATS_TEST_DIRNAME/../data/subgraph/small.gspan" .
}

setup() {
  cd "$BATS_FILE_TMPDIR"
}

@test "sequences by default, subgraphs when asked" {
  opsig frequent models --max-length 3
  expect_status 0
  expect_in "$output" "Conv -> Relu -> Add"
  expect_not_in "$output" "a:Add"
  opsig frequent models --kind subgraph --closed
  expect_status 0
  expect_in "$output" "a:Add; b:Relu; c:Conv; d:Sigmoid; b -> a; c -> b; c -> d; d -> a"
}

@test "edge slots tell the inputs of a node apart" {
  opsig frequent models --edge-slots --closed
  expect_status 0
  expect_in "$output" "a:Conv; b:Relu; c:Sigmoid; a -[1]-> b; a -[1]-> c"
  expect_not_in "$output" "Add;"
}

@test "counts of a gSpan file, on any number of threads" {
  for jobs in 1 2 5; do
    opsig frequent small.gspan --undirected --min-support 3 --max-edges 4 --count-only \
      --format json -j "$jobs"
    expect_status 0
    expect_json 'd["graphs"], d["patterns"], "list" in d' \
      "(12, $(awk -F, '$2 == 0 && $3 == 3 { print $5 }' \
        "$BATS_TEST_DIRNAME/../data/subgraph/small.csv"), False)"
  done
}

@test "patterns in gSpan's format are read back" {
  opsig frequent small.gspan --min-support 3 --format gspan -o patterns.gspan
  expect_status 0
  opsig frequent patterns.gspan --min-support 1 --max-edges 0 --format json
  expect_status 0
  local all=$output
  opsig frequent small.gspan --min-support 3 --format json
  [[ $(grep -c '"pattern"' <<<"$all") -eq $(grep -c '"pattern"' <<<"$output") ]]
}

@test "damaged gSpan files are refused with line and column" {
  printf 't # 0\nv 0 1\ne 0 1 1\n' >bad.gspan
  opsig frequent bad.gspan
  expect_status 3
  expect_one_error
  expect_in "$stderr" "line 3, column 5"
}

@test "limits end the search and name their option" {
  opsig frequent small.gspan --min-support 1 --max-patterns 5
  expect_status 4
  expect_one_error
  expect_in "$stderr" "--max-patterns"
  opsig frequent small.gspan --min-support 1 --max-memory 100
  expect_status 4
  expect_in "$stderr" "--max-memory"
}

@test "options that do not go together are usage errors" {
  opsig frequent small.gspan --kind sequence
  expect_usage_error "--kind"
  opsig frequent models --kind sequence --undirected
  expect_usage_error "--undirected"
  opsig frequent --input gspan small.gspan small.gspan
  expect_usage_error "one file"
}
