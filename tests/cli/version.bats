#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# opsig version.

load helper

@test "version tells the version, the build and the libraries" {
  opsig version
  expect_status 0
  [[ ${lines[0]} =~ ^opsig\ [0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "first line: ${lines[0]}"
  for library in igraph jansson libRmath libmd protobuf-c sqlite; do
    expect_in "$output" "  $library "
  done
}

@test "version as JSON says the same" {
  opsig version
  local text=${lines[0]}
  opsig version --format json
  expect_status 0
  expect_json 'd["name"] + " " + d["version"]' "$text"
  expect_json 'sorted(d["libraries"])' \
    "['igraph', 'jansson', 'libRmath', 'libmd', 'protobuf-c', 'sqlite']"
  expect_json 'all(v[0].isdigit() for v in d["libraries"].values())' True
}

@test "version takes no argument and no other format" {
  opsig version now
  expect_usage_error "'now'"
  opsig version --format dot
  expect_usage_error "none of text, json"
}

@test "version can be written to a file" {
  opsig version -o "$BATS_TEST_TMPDIR/out"
  expect_status 0
  [[ -z $output ]]
  grep -q '^opsig ' "$BATS_TEST_TMPDIR/out"
}
