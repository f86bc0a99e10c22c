#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# opsig db: info, list, show, export, import.

load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  load helper
  "$OPSIG" db import "$here/data/fixed.txt" -o fixed.db
}

setup() {
  cd "$BATS_FILE_TMPDIR"
}

@test "list prints one signature a line, strongest first, the pattern last" {
  opsig db list fixed.db
  expect_status 0
  expect_golden db_list.txt
}

@test "list as JSON" {
  opsig db list --format json fixed.db
  expect_status 0
  expect_json '[(s["severity"], s["pattern"]) for s in d["signatures"]]' \
    "[('high', 'Pad -> AveragePool'), ('medium', 'AveragePool'), ('low', 'Pad')]"
  expect_json 'd["signatures"][0]["support"]' \
    "{'inconsistent': [31, 210], 'consistent': [4, 900]}"
}

@test "info tells counts and provenance" {
  opsig db info fixed.db
  expect_status 0
  expect_golden db_info.txt
  opsig db info --format json fixed.db
  expect_json 'd["signatures"]' "{'total': 3, 'high': 1, 'medium': 1, 'low': 1}"
  expect_json 'd["provenance"]["oracle"]' ort
}

@test "show is the evidence page; the beginning of an id is enough" {
  opsig db show fixed.db OPS-998bd8308727
  expect_status 0
  expect_golden db_show.txt
  local page=$output
  opsig db show fixed.db OPS-99
  [[ $output == "$page" ]] || fail "differs by the id's beginning"
  opsig db show --format json fixed.db OPS-99
  expect_json 'd["context"]' "Pad -> AveragePool -> Relu"
  expect_json '[e["nodes"] for e in d["evidence"]]' "[['/Pad', '/AveragePool'], ['/p', '/a']]"
}

@test "show of an id that is not there, or not unique, is status 2" {
  opsig db show fixed.db OPS-123456789012
  expect_usage_error "opsig: fixed.db: "
  opsig db show fixed.db OPS-
  expect_usage_error "more than one"
}

@test "export and import give the same database back" {
  opsig db export fixed.db -o exported.txt
  expect_status 0
  [[ -z $output ]]
  opsig db import exported.txt -o again.db
  expect_status 0
  cmp fixed.db again.db
  opsig db export fixed.db
  diff exported.txt <(printf '%s\n' "$output")
}

@test "a database that cannot be used is status 2 for every action" {
  echo "no database" >text.db
  head -c 1000 fixed.db >cut.db
  for db in nowhere.db text.db cut.db; do
    for action in info list export; do
      opsig db "$action" "$db"
      expect_usage_error "opsig: $db: "
    done
    opsig db show "$db" OPS-99
    expect_usage_error "opsig: $db: "
  done
}

@test "a text that cannot be read is status 3 with its line, a missing one status 2" {
  sed 's/^  severity high/  severity extreme/' "$here/data/fixed.txt" >bad.txt
  rm -f bad.db
  opsig db import bad.txt -o bad.db
  expect_status 3
  expect_one_error
  expect_in "$stderr" "opsig: bad.txt: "
  expect_in "$stderr" "line "
  [[ ! -e bad.db ]]
  opsig db import nowhere.txt -o bad.db
  expect_usage_error "opsig: nowhere.txt: "
}

@test "usage errors" {
  opsig db
  expect_usage_error "name an action"
  opsig db lits fixed.db
  expect_usage_error "no action 'lits'"
  opsig db merge fixed.db
  expect_usage_error "no action 'merge'"
  opsig db list
  expect_usage_error "list takes DB"
  opsig db list fixed.db other.db
  expect_usage_error "list takes DB"
  opsig db show fixed.db
  expect_usage_error "show takes DB ID"
  opsig db show fixed.db a b
  expect_usage_error "too many arguments"
  opsig db import fixed.txt
  expect_usage_error "-o"
}

@test "reading leaves a database as it is, also in a folder that cannot be written" {
  mkdir -p locked
  cp fixed.db locked/
  chmod 500 locked
  local before
  before=$(sha256sum locked/fixed.db)
  opsig db list locked/fixed.db
  expect_status 0
  [[ $(sha256sum locked/fixed.db) == "$before" && $(ls locked) == fixed.db ]]
  chmod 700 locked
}
