#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Names that come from models, paths and users are shown harmless, and JSON gives them back.

load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  load helper
  "$OPSIG" db import "$here/data/fixed.txt" -o fixed.db
}

setup() {
  cd "$BATS_FILE_TMPDIR"
  kept=$BATS_TEST_TMPDIR/kept
}

# Nothing in what the program printed (gathered by keep, or the last run) is a control character
# but newlines, and all is valid UTF-8.
expect_harmless() {
  keep
  ! LC_ALL=C grep -q $'[\x01-\x09\x0b-\x1f\x7f]' "$kept" || fail "a control character came through"
  ! LC_ALL=C grep -q $'\xe2\x80[\x8b-\x8f\xaa-\xae]\|\xe2\x81[\xa6-\xa9]' "$kept" ||
    fail "a bidirectional or zero-width character came through"
  ! LC_ALL=C grep -q $'\xc2[\x80-\x9f]' "$kept" || fail "a C1 control character came through"
  iconv -f UTF-8 -t UTF-8 "$kept" >/dev/null || fail "not UTF-8"
}

# Puts what the last run printed to the rest.
keep() {
  printf '%s\n' "$output" "$stderr" >>"$kept"
}

names=($'\e[2J\e[1;1H' $'\e]0;title\a' $'a\nopsig: b' $'a\rb' $'a\tb' $'\x7f'
  '<script>' '"q"' "'" \\ '%s%n' $'\xc2\x9b31m' $'\xe2\x80\xaegnp' $'\xe2\x80\x8b'
  '->' '::error' $'\xf0\x9f\xa7\xa0' '=1+1')

@test "node names" {
  local i
  mkdir nodes
  for i in "${!names[@]}"; do
    model "nodes/$((i + 10)).onnx" -n "${names[i]}" 'a = Pad(x); b = AveragePool(a)'
  done
  opsig scan --db fixed.db --fail-on never --verbose nodes
  expect_status 0
  keep
  opsig inspect nodes
  keep
  for i in "${!names[@]}"; do
    opsig inspect --format dot "nodes/$((i + 10)).onnx"
    expect_status 0
    keep
    opsig inspect --format graphml "nodes/$((i + 10)).onnx"
    expect_status 0
    keep
  done
  opsig scan --db fixed.db --fail-on never --format json nodes
  expect_harmless
  printf '%s\0' "${names[@]}" >names
  expect_json '[m["findings"][0]["matches"][0][0] for m in d["models"]] ==
    [n.decode() for n in open("names", "rb").read().split(b"\0")[:-1]]' True
}

@test "paths" {
  local name
  mkdir paths cut
  for name in "${names[@]}" "-o" $'\xff\xfe'; do
    model "paths/$name.onnx" 'a = Pad(x)'
    head -c 20 "paths/$name.onnx" >"cut/$name.onnx"
  done
  opsig scan --db fixed.db --format text -- paths cut
  expect_status 3
  [[ ${#stderr_lines[@]} -eq $((${#names[@]} + 2)) ]] || fail "expected one line an error"
  keep
  opsig inspect paths cut
  keep
  for name in "${names[@]}"; do
    opsig inspect "paths/no$name"
    expect_status 2
    expect_one_error
    keep
  done
  opsig inspect --format json -- paths cut
  expect_status 3
  expect_json 'len(d["models"])' $((2 * (${#names[@]} + 2)))
  expect_harmless
}

@test "arguments in usage errors" {
  local name
  for name in "${names[@]}"; do
    opsig "$name"
    expect_status 2
    expect_one_error
    keep
    opsig scan --db fixed.db --fail-on "$name" x
    expect_status 2
    expect_one_error
    keep
    opsig db show fixed.db "$name"
    expect_status 2
    expect_one_error
    keep
  done
  expect_harmless
}

@test "the files of hostile text: loaded or refused, harmless in every format" {
  [[ -d $shared/malformed/text ]] || skip "no $shared/malformed"
  local file format
  for file in "$shared"/malformed/text/*.onnx; do
    for format in dot graphml; do
      opsig inspect --format "$format" "$file"
      [[ $status -eq 0 || $status -eq 3 ]] || fail "$file"
      keep
    done
  done
  opsig inspect "$shared/malformed/text"
  keep
  opsig inspect --format json "$shared/malformed/text"
  expect_json 'all(m["status"] in ("ok", "error") for m in d["models"])' True
  opsig scan --db fixed.db --format json --fail-on never "$shared/malformed/text"
  [[ $status -eq 0 || $status -eq 3 ]]
  expect_json 'd["summary"]["models"]' "$(find "$shared/malformed/text" -name '*.onnx' | wc -l)"
  expect_harmless
}

@test "damaged databases are refused and stay as they are" {
  [[ -d $shared/malformed/database ]] || skip "no $shared/malformed"
  local file before
  for file in "$shared"/malformed/database/*.db; do
    cp "$file" copy.db
    before=$(sha256sum copy.db)
    opsig db list copy.db
    expect_usage_error "opsig: copy.db: "
    model m.onnx 'a = Pad(x)'
    opsig scan --db copy.db m.onnx
    expect_usage_error "opsig: copy.db: "
    [[ $(sha256sum copy.db) == "$before" ]]
    rm copy.db
    compgen -G 'copy.db*' && fail "something was created beside $file"
    true
  done
}

@test "damaged manifests are refused with their line" {
  [[ -d $shared/malformed/manifest ]] || skip "no $shared/malformed"
  command -v python3 >/dev/null || skip "python3 is missing"
  python3 -c 'import csv, sys
for row in csv.DictReader(open(sys.argv[1], newline="")):
    if row["kind"] == "manifest" and row["expected"] == "must-reject":
        print(row["file"])' "$shared/malformed/index.csv" >rejects
  [[ -s rejects ]]
  local file
  while read -r file; do
    opsig mine "$shared/malformed/$file" -o x.db
    [[ $status -eq 2 || $status -eq 3 ]] || fail "$file"
    expect_one_error
    [[ ! -e x.db ]]
  done <rejects
}
