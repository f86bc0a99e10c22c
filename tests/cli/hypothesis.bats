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
