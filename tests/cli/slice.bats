#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# opsig slice: nodes by name and by signature, as a model of their own. fixed.db has the signature
# Pad -> AveragePool; twice.onnx holds it in two places.

load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  load helper
  "$OPSIG" db import "$here/data/fixed.txt" -o fixed.db
  model chain.onnx -n /pad -n /pool -n /relu \
    'a = Pad(x); b = AveragePool(a); c = Relu(b); y = Neg(c)'
  model twice.onnx 'a = Pad(x); b = AveragePool(a); c = AveragePool(a); y = Add(b, c)'
  model comma.onnx -n 'one,two' -n one 'a = Pad(x); y = Relu(a)'
}

setup() {
  cd "$BATS_FILE_TMPDIR"
}

# The nodes of a model, as reports name them, with blanks between.
nodes_of() { # FILE
  "$OPSIG" inspect --format graphml "$1" | sed -n 's/.*<data key="op_type">\([^<]*\)<.*/\1/p' |
    paste -sd ' '
}

expect_nodes() { # FILE NODES
  local nodes
  nodes=$(nodes_of "$1")
  [[ $nodes == "$2" ]] || fail "$1 has $nodes, expected $2"
}

@test "named nodes become a model, and what it has is said" {
  opsig slice chain.onnx --nodes /pad,/pool -o out.onnx
  expect_status 0
  [[ -z $output ]]
  expect_in "$stderr" "opsig: out.onnx: 2 nodes, 0 initializers, 1 input, 1 output"
  expect_nodes out.onnx "Pad AveragePool"
  opsig slice chain.onnx --nodes /pad --nodes 'Neg#3(y)' -o out.onnx --quiet
  expect_status 0
  [[ -z $stderr ]]
  expect_nodes out.onnx "Pad Neg"
}

@test "a name may hold a comma" {
  opsig slice comma.onnx --nodes one,two -o out.onnx
  expect_status 0
  expect_nodes out.onnx Pad
}

@test "--context keeps what is around" {
  opsig slice chain.onnx --nodes /pool --context 1 -o out.onnx
  expect_status 0
  expect_nodes out.onnx "Pad AveragePool Relu"
}

@test "--signature takes the nodes of a match" {
  opsig slice twice.onnx --signature OPS-998bd --db fixed.db -o out.onnx
  expect_status 0
  expect_nodes out.onnx "Pad AveragePool"
  opsig inspect --format graphml out.onnx
  expect_in "$output" "AveragePool#1(b)"
  opsig slice twice.onnx --signature OPS-998bd8308727 --match 2 --db fixed.db -o out.onnx
  expect_status 0
  opsig inspect --format graphml out.onnx
  expect_in "$output" "AveragePool#1(c)"
}

@test "a slice holds what it was cut out for" {
  opsig slice chain.onnx --signature OPS-998bd --db fixed.db -o out.onnx
  opsig scan --db fixed.db --format json out.onnx
  expect_status 1
  expect_json 'd["models"][0]["findings"][0]["matches"]' "[['/pad', '/pool']]"
}

@test "what is asked for must exist" {
  opsig slice chain.onnx --nodes /pol -o no.onnx
  expect_usage_error "chain.onnx: there is no node '/pol'; did you mean '/pool'?"
  opsig slice chain.onnx --nodes 'Neg#2' -o no.onnx
  expect_usage_error "there is no node 'Neg#2'"
  opsig slice twice.onnx --signature OPS-998bd --match 3 --db fixed.db -o no.onnx
  expect_usage_error "OPS-998bd8308727 has 2 matches in it"
  opsig slice chain.onnx --signature OPS-fff --db fixed.db -o no.onnx
  expect_usage_error "fixed.db: no signature"
  opsig slice nowhere.onnx --nodes a -o no.onnx
  expect_usage_error "nowhere.onnx"
  opsig slice chain.onnx --signature OPS-998bd --db nowhere.db -o no.onnx
  expect_usage_error "nowhere.db"
  [[ ! -e no.onnx ]]
}

@test "a signature that does not occur is status 3" {
  opsig slice comma.onnx --signature OPS-998bd --db fixed.db -o no.onnx
  expect_status 3
  expect_one_error
  [[ ! -e no.onnx ]]
}

@test "usage errors say what is missing" {
  opsig slice --nodes a -o no.onnx
  expect_usage_error "name a model"
  opsig slice chain.onnx -o no.onnx
  expect_usage_error "--signature ID or --nodes"
  opsig slice chain.onnx --nodes a --signature b --db fixed.db -o no.onnx
  expect_usage_error "--signature ID or --nodes"
  opsig slice chain.onnx --signature b --no-default -o no.onnx
  expect_usage_error "--db"
  opsig slice chain.onnx --nodes /pad
  expect_usage_error "-o"
  opsig slice chain.onnx twice.onnx --nodes /pad -o no.onnx
  expect_usage_error "one model"
  opsig slice - --nodes /pad -o no.onnx
  expect_usage_error "standard input"
  opsig slice chain.onnx --nodes /pad --context -1 -o no.onnx
  expect_usage_error "--context"
  opsig slice chain.onnx --nodes /pad --match 0 -o no.onnx
  expect_usage_error "--match"
}

@test "the same slice has the same bytes, on standard output too" {
  opsig slice chain.onnx --nodes /pool --context 1 -o one.onnx
  opsig slice chain.onnx --nodes /pool --context 1 -o two.onnx
  cmp one.onnx two.onnx
  "$OPSIG" slice chain.onnx --nodes /pool --context 1 -o - >three.onnx 2>/dev/null
  cmp one.onnx three.onnx
}

@test "a slice that cannot be written leaves what stood there" {
  [[ -w /dev/full ]] || skip "no /dev/full"
  opsig slice chain.onnx --nodes /pool -o /dev/full
  expect_status 4
  mkdir -p closed
  cp chain.onnx closed/out.onnx
  opsig slice chain.onnx --nodes /pool -o closed/none/out.onnx
  expect_status 4
  cmp chain.onnx closed/out.onnx
}

@test "a broken model is status 3" {
  head -c 30 chain.onnx >broken.onnx
  opsig slice broken.onnx --nodes /pad -o no.onnx
  expect_status 3
  expect_in "$stderr" "opsig: broken.onnx: "
}
