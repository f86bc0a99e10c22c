#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# opsig hypothesis.

load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  load helper
  make_corpus corpus
}

setup() {
  cd "$BATS_FILE_TMPDIR"
}

@test "paper mode counts models and lists their operators" {
  opsig hypothesis --oracle ort --format json corpus/manifest.csv
  expect_status 0
  expect_json 'd["oracle"], d["models"]' \
    "('ort', {'inconsistent': 12, 'consistent': 30, 'tests': 0})"
  expect_json 'd["operators"]["inconsistent"]' \
    "['Abs', 'Add', 'AveragePool', 'Exp', 'Neg', 'Pad', 'Relu']"
}

@test "--tests takes a folder or a manifest" {
  opsig hypothesis --oracle ort --tests corpus/good --format json corpus/manifest.csv
  expect_status 0
  expect_json 'd["models"]["tests"]' 30
  opsig hypothesis --oracle ort --tests corpus/manifest.csv --format json corpus/manifest.csv
  expect_status 0
  expect_json 'd["models"]["tests"]' 42
}

@test "what is missing or makes no sense is status 2" {
  opsig hypothesis
  expect_usage_error "name a manifest"
  opsig hypothesis nowhere.csv
  expect_usage_error "opsig: nowhere.csv: "
  opsig hypothesis --oracle ort --tests nowhere corpus/manifest.csv
  expect_usage_error "nowhere"
  opsig hypothesis --mode other corpus/manifest.csv
  expect_usage_error "--mode"
}

@test "test mode finds what was planted, in text and in JSON" {
  opsig hypothesis --mode test --oracle ort --format json --permutations 99 --rewirings 20 \
    --tolerances 1e-3 corpus/manifest.csv
  expect_status 0
  expect_json 'd["models"]' "{'inconsistent': 12, 'consistent': 30}"
  expect_json 'd["test"]["design"]["permutations"], d["test"]["design"]["rewirings"]' "(99, 20)"
  expect_json 'd["test"]["sharing"]["strongest"]["sequence"]' "Pad -> AveragePool"
  expect_json 'd["test"]["sharing"]["excess"]["p"]' 0.01
  expect_json 'len(d["test"]["sharing"]["null"]), len(d["test"]["order"]["rewired_excess"])' \
    "(99, 20)"
  expect_json '[row["inconsistent"] for row in d["test"]["tolerances"]]' "[12]"
  expect_json 'd["test"]["prediction"]["signatures"]["roc_auc"]["value"] > 0.9' True
  opsig hypothesis --mode test --oracle ort --permutations 99 --rewirings 20 corpus/manifest.csv
  expect_status 0
  [[ $output == *"the shared-sequence hypothesis is "* ]]
  [[ $output == *"ROC AUC"* ]]
}

@test "test mode gives the same bytes whatever the number of jobs" {
  local jobs
  for jobs in 1 3; do
    opsig hypothesis --mode test --oracle ort --format json --permutations 49 --rewirings 10 \
      -j "$jobs" -o "jobs$jobs.json" corpus/manifest.csv
    expect_status 0
  done
  cmp jobs1.json jobs3.json
  opsig hypothesis --mode test --oracle ort --format json --permutations 49 --rewirings 10 \
    --seed 2 -o seed2.json corpus/manifest.csv
  expect_status 0
  run ! cmp -s jobs1.json seed2.json
}

@test "test mode on the example corpus tells of every section" {
  cd "$here/../../examples/corpus"
  opsig hypothesis --mode test --oracle ort_opt --format json --permutations 49 --rewirings 10 \
    --tolerances 1e-6,1e-3 mine.csv
  expect_status 0
  expect_json '" ".join(sorted(d["test"]))' \
    "design evolution order prediction reasons sharing tolerances verdict"
  expect_json 'd["test"]["verdict"] in ("supported", "not supported", "equivocal")' True
  expect_json '[row["inconsistent"] for row in d["test"]["tolerances"]]' "[26, 18]"
  expect_json 'd["test"]["evolution"]["known"]' 1.0
  expect_json 'd["test"]["prediction"]["signatures"]["roc"][-1]' "[1.0, 1.0]"
}

@test "what test mode cannot do is status 2" {
  opsig hypothesis --mode test --oracle ort --permutations 0 corpus/manifest.csv
  expect_usage_error "there must be a permutation"
  opsig hypothesis --mode test --oracle other corpus/manifest.csv
  expect_status 2
  [[ $stderr == *"two models of each label"* ]]
  opsig hypothesis --mode test --oracle ort --tolerances 1e-3,x corpus/manifest.csv
  expect_usage_error "--tolerances"
  opsig hypothesis --mode test --oracle ort --folds 1 corpus/manifest.csv
  expect_usage_error "--folds"
  opsig hypothesis --mode test --oracle ort --max-length 1 corpus/manifest.csv
  expect_usage_error "--max-length"
}
