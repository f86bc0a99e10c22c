#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# opsig coverage.

load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  load helper
  mkdir suite prod empty
  model suite/conv.onnx 'a = Conv(x); y = Relu(a)'
  model suite/add.onnx 'y = Add(x, x)'
  model prod/a.onnx 'a = Conv(x); b = Relu(a); y = Add(b, x)'
  model prod/b.onnx 'a = Conv(x); b = Relu(a); y = Resize(b)'
  model prod/c.onnx 'a = Conv(x); y = Relu(a)'
  printf '%s\n' path,ort_status prod/a.onnx,consistent prod/b.onnx,crash prod/c.onnx,inconsistent \
    >prod.csv
  head -c 30 prod/a.onnx >cut.onnx
}

setup() {
  cd "$BATS_FILE_TMPDIR"
}

@test "JSON has the documented fields and nothing else" {
  opsig coverage --reference suite --target prod --format json
  expect_status 0
  expect_json 'sorted(d)' \
    "['additions', 'by_length', 'gaps', 'models', 'reference', 'share', 'target', 'tool']"
  expect_json 'sorted(d["by_length"][0])' \
    "['covered', 'length', 'sequences', 'unweighted', 'weighted']"
  expect_json 'sorted(d["models"][0])' "['covered', 'path', 'sequences', 'share']"
  expect_json 'sorted(d["gaps"]["list"][0])' "['length', 'models', 'pattern']"
  expect_json 'sorted(d["additions"][0])' "['newly_covered', 'path', 'share']"
  expect_json 'd["reference"], d["target"]["models"]' "({'models': 2, 'errors': []}, 3)"
}

@test "figures are those counted by hand" {
  opsig coverage --reference suite --target prod --length 1-4 --format json
  # Operators: Conv 3, Relu 3, Add 1 are covered, Resize 1 is not. Edges: Conv -> Relu 3 is, the
  # two that follow Relu are not; no sequence of three is. There is none of four.
  expect_json '[(l["sequences"], l["covered"], l["weighted"]) for l in d["by_length"]]' \
    "[(4, 3, 0.875), (3, 1, 0.6), (2, 0, 0.0), (0, 0, None)]"
  expect_json 'd["share"]' 0.491667
  expect_json '[(g["pattern"], g["models"]) for g in d["gaps"]["list"]]' \
    "[('Resize', ['prod/b.onnx']), ('Relu -> Add', ['prod/a.onnx'])]"
  expect_json '[(m["covered"], m["sequences"]) for m in d["models"]]' "[(4, 6), (3, 6), (3, 3)]"
  expect_json '[(a["path"], a["newly_covered"]) for a in d["additions"]]' \
    "[('prod/b.onnx', 3), ('prod/a.onnx', 2)]"
  expect_json 'd["additions"][1]["share"]' 1.0
}

@test "text tells shares, gaps with their models, and what to add" {
  opsig coverage --reference suite --target prod --length 1-3
  expect_status 0
  expect_golden coverage.txt
}

@test "a corpus covers itself, and what it covers has no gap" {
  opsig coverage --reference prod --target prod --format json
  expect_json 'd["share"], d["gaps"]["count"], d["additions"]' "(1.0, 0, [])"
}

@test "one length is counted by itself" {
  opsig coverage --reference suite --target prod --length 2 --format json
  expect_json '[(l["length"], l["sequences"]) for l in d["by_length"]]' "[(2, 3)]"
  expect_json '[g["pattern"] for g in d["gaps"]["list"]]' "['Relu -> Add', 'Relu -> Resize']"
}

@test "a manifest counts whole, whatever its labels; models can be named one by one" {
  opsig coverage --reference suite --target prod.csv --format json
  expect_json 'd["target"]["models"]' 3
  opsig coverage --reference suite/add.onnx --reference suite/conv.onnx --target prod --format json
  expect_json 'd["reference"]["models"], d["by_length"][0]["covered"]' "(2, 3)"
}

@test "attributes are symbols where asked for; both alphabets at once are refused" {
  opsig coverage --reference suite --target prod --alphabet op+attr --format json
  expect_status 0
  opsig coverage --reference suite --target prod --alphabet both
  expect_usage_error "op or op+attr"
}

@test "an unreadable model is status 3 and named in the report, on either side" {
  opsig coverage --reference suite --reference cut.onnx --target prod --format json
  expect_status 3
  expect_one_error
  expect_json '[e["path"] for e in d["reference"]["errors"]]' "['cut.onnx']"
  opsig coverage --reference suite --target cut.onnx --target prod --format json
  expect_status 3
  expect_json 'd["target"]["models"], len(d["target"]["errors"])' "(3, 1)"
}

@test "a side without any model is an error" {
  opsig coverage --reference cut.onnx --target prod
  expect_status 3
  expect_in "$stderr" "the reference has no model"
  opsig coverage --quiet --reference suite --target empty
  expect_usage_error "the target has no model"
}

@test "usage errors are status 2" {
  opsig coverage --target prod
  expect_usage_error "--reference is missing"
  opsig coverage --reference suite
  expect_usage_error "--target is missing"
  opsig coverage --reference nowhere --target prod
  expect_usage_error "opsig: nowhere: "
  opsig coverage --reference nowhere.csv --target prod
  expect_usage_error "nowhere.csv"
  opsig coverage --reference suite --target prod --length 3-2
  expect_usage_error "--length"
  opsig coverage --reference suite --target prod --length 65
  expect_usage_error "--length"
  opsig coverage suite prod
  expect_usage_error "belongs to no option"
}

@test "a search past a bound is given up with status 4 and the option's name" {
  opsig coverage --reference suite --target prod --max-patterns 2
  expect_status 4
  expect_one_error
  expect_in "$stderr" "--max-patterns"
  opsig coverage --reference suite --target prod --max-memory 10
  expect_status 4
  expect_in "$stderr" "--max-memory"
}

@test "the number of workers does not matter" {
  opsig coverage --reference suite --target prod --format json -j1
  local one=$output
  opsig coverage --reference suite --target prod --format json -j2
  [[ $output == "$one" ]] || fail "-j2 differs"
}
