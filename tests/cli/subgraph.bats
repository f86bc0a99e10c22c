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

@test "significant subgraphs of a gSpan file with classes" {
  local graphs=classed.gspan
  for i in {0..39}; do
    printf 't # %d\nv 0 C\nv 1 N\nv 2 O\ne 0 1 1\n' "$i"
    ((i % 4 != 0)) || printf 'e 1 2 2\n'
    ((i % 5 != 0)) || printf 'e 2 0 1\n'
  done >"$graphs"
  for i in {0..39}; do echo "$((i % 4 == 0))"; done >classes.txt
  opsig mine "$graphs" --classes classes.txt --undirected --correction tarone --format json
  expect_status 0
  # all of ten graphs and no other have the edge N -[2]- O, alone or with C -[1]- N
  expect_json 'd["database"], d["tests"]["significant"], d["tests"]["significant_patterns"]' \
    "(None, 1, 2)"
  expect_json '[(s["pattern"], s["support"]) for s in d["strongest"]]' \
    "[('N -[2]- O', {'inconsistent': [10, 10], 'consistent': [0, 30]})]"
  opsig mine "$graphs" --classes classes.txt --format json
  expect_json 'd["strongest"][0]["pattern"]' "N -[2]-> O"
}

@test "graphs with classes: what does not go together is told" {
  printf 't # 0\nv 0 C\nt # 1\nv 0 C\n' >two.gspan
  echo 1 >one.txt
  printf '1\n0\n0\n' >three.txt
  printf '1\n\n 2\n' >odd.txt
  opsig mine two.gspan
  expect_usage_error "--classes"
  opsig mine two.gspan --classes one.txt -o x.db
  expect_usage_error "standard output"
  opsig mine two.gspan --classes one.txt --kind both
  expect_usage_error "--kind"
  opsig mine two.csv --classes one.txt -o x.db
  expect_usage_error "--input gspan"
  opsig mine two.gspan --classes one.txt
  expect_status 3
  expect_one_error
  expect_in "$stderr" "fewer than the 2 graphs"
  opsig mine two.gspan --classes three.txt
  expect_status 3
  expect_in "$stderr" "more than the 2 graphs"
  opsig mine two.gspan --classes odd.txt
  expect_status 3
  expect_in "$stderr" "line 3: a line is 0 or 1"
  opsig mine two.gspan --classes absent.txt
  expect_status 2
}
