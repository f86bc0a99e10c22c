#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# opsig db: info, list, show, export, import, diff, merge, update.

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
  opsig db mix fixed.db
  expect_usage_error "no action 'mix'"
  opsig db list
  expect_usage_error "list takes DB"
  opsig db list fixed.db other.db
  expect_usage_error "list takes DB"
  opsig db show fixed.db
  expect_usage_error "show takes DB ID"
  opsig db show fixed.db a b
  expect_usage_error "show takes DB ID"
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

@test "diff tells what appeared, vanished and changed" {
  # Pad changes, AveragePool vanishes.
  "$OPSIG" db export fixed.db >text
  awk '/^signature/ { skip = $2 == "OPS-55c2d5886acf" } !skip' text |
    sed -e '/^  pattern Pad$/,/lift/s/inconsistent 80 210/inconsistent 81 210/' >new.txt
  "$OPSIG" db import new.txt -o new.db
  opsig db diff fixed.db new.db
  expect_status 0
  expect_golden db_diff.txt
  opsig db diff new.db fixed.db
  expect_in "$output" "new.db -> fixed.db: 1 appeared, 0 vanished, 1 changed, 1 the same"
  opsig db diff --format json fixed.db new.db
  expect_json '[s["id"] for s in d["vanished"]], d["appeared"], d["same"]' \
    "(['OPS-55c2d5886acf'], [], 1)"
  expect_json 'd["changed"][0]["after"]["support"]["inconsistent"]' "[81, 210]"
  opsig db diff fixed.db fixed.db
  expect_in "$output" "0 appeared, 0 vanished, 0 changed, 3 the same"
  opsig db diff fixed.db
  expect_usage_error "diff takes DB DB"
  opsig db diff fixed.db nowhere.db
  expect_usage_error "nowhere.db"
}

@test "merge joins databases and keeps where each comes from" {
  "$OPSIG" db export fixed.db >text
  sed -e 's/^provenance oracle ort$/provenance oracle other/' -e '/^risk/d' \
    -e '/^  weight/s/ .*/ weight 0/' \
    -e 's/^model consistent .* good.onnx/model inconsistent - good.onnx/' text |
    awk '/^signature/ { skip = $2 != "OPS-55c2d5886acf" } !skip' |
    sed 's/inconsistent 60 210/inconsistent 61 210/' >other.txt
  "$OPSIG" db import other.txt -o other.db
  opsig db merge fixed.db other.db -o merged.db
  expect_status 0
  opsig db info --format json merged.db
  expect_json 'd["signatures"]["total"], [d["provenance"][k] for k in ("1.oracle", "2.oracle")]' \
    "(3, ['ort', 'other'])"
  opsig db export merged.db
  expect_in "$output" "inconsistent 60 210"
  expect_in "$output" '"good.onnx (2)"'
  expect_in "$output" "risk intercept"
  opsig db merge other.db fixed.db -o merged.db
  opsig db export merged.db
  expect_in "$output" "inconsistent 61 210"
}

@test "merging a database with itself changes nothing but provenance" {
  opsig db merge fixed.db fixed.db -o merged.db
  expect_status 0
  opsig db diff fixed.db merged.db
  expect_in "$output" "0 appeared, 0 vanished"
  diff <("$OPSIG" db export merged.db | grep '^model') \
    <("$OPSIG" db export fixed.db | grep '^model') >&2
}

@test "merge takes terms of a risk model, also of databases with several oracles" {
  local default
  default=$(dirname "$OPSIG")/share/opsig/default.db
  opsig mine "$here/../../examples/corpus/mine.csv" --oracle ort_opt -o risky.db
  expect_status 0
  grep -q ' risk-term$' <("$OPSIG" db export risky.db) || fail "no term of the risk"
  opsig db merge risky.db "$default" -o merged_risky.db
  expect_status 0
  opsig db merge merged_risky.db risky.db -o again.db
  expect_status 0
}

@test "merge refuses databases of one corpus that contradict each other" {
  "$OPSIG" db export fixed.db |
    sed 's/^provenance oracle ort/provenance corpus.digest abc\n&/' >a.txt
  sed 's/inconsistent 60 210/inconsistent 61 210/' a.txt >b.txt
  "$OPSIG" db import a.txt -o a.db
  "$OPSIG" db import b.txt -o b.db
  opsig db merge a.db b.db -o merged_not.db
  expect_usage_error "OPS-55c2d5886acf has other counts in another database of the same corpus"
  [[ ! -e merged_not.db ]]
  opsig db merge a.db b.db
  expect_usage_error "-o"
  opsig db merge a.db -o merged_not.db
  expect_usage_error "merge takes DB DB..."
}

@test "update adds the counts of another corpus, once" {
  make_corpus corpus
  make_database corpus mined.db
  mkdir more
  model more/bad.onnx 'a = Pad(x); b = AveragePool(a); y = Sqrt(b)'
  model more/good.onnx 'a = Pad(x); b = AveragePool(a); y = Log(b)'
  model more/clean.onnx 'y = Sin(x)'
  {
    echo path,ort_status
    echo bad.onnx,inconsistent
    echo good.onnx,consistent
    echo clean.onnx,consistent
    echo ../corpus/bad/m10.onnx,inconsistent
  } >more/manifest.csv
  cp mined.db updated.db
  opsig db update updated.db more/manifest.csv
  expect_status 0
  [[ -z $output ]]
  opsig db list --format json mined.db
  local before
  before=$(json '[s["support"] for s in d["signatures"]
    if s["pattern"] == "Pad -> AveragePool"][0]["inconsistent"][0]')
  opsig db show --format json updated.db OPS-998bd
  expect_json 'd["support"]' "{'inconsistent': [$((before + 1)), 13], 'consistent': [1, 32]}"
  expect_json '[e["model"] for e in d["evidence"] if e["label"] == "consistent"]' \
    "['good.onnx']"
  opsig db info --format json updated.db
  expect_json 'd["models"], d["provenance"]["update.1.models.inconsistent"]' "(45, '1')"
  opsig db update updated.db more/manifest.csv -o again.db
  expect_status 0
  opsig db diff updated.db again.db
  expect_in "$output" "0 appeared, 0 vanished, 0 changed"
  opsig db info --format json again.db
  expect_json 'd["provenance"]["update.2.models.inconsistent"]' 0
}

@test "update refuses labels of another oracle and what it cannot read" {
  make_corpus corpus
  make_database corpus mined.db
  opsig db update mined.db corpus/manifest.csv --oracle other -o no.db
  expect_usage_error "the labels are of oracle other, the database is of ort"
  opsig db update mined.db nowhere.csv -o no.db
  expect_status 2
  opsig db update nowhere.db corpus/manifest.csv -o no.db
  expect_usage_error "nowhere.db"
  [[ ! -e no.db ]]
}
