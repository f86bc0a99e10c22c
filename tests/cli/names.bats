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
}

# No control character but newlines, and valid UTF-8.
expect_harmless() {
  printf '%s\n' "$output" "$stderr" >"$BATS_TEST_TMPDIR/all"
  ! LC_ALL=C grep -q $'[\x01-\x09\x0b-\x1f\x7f]' "$BATS_TEST_TMPDIR/all" ||
    fail "a control character came through"
  ! LC_ALL=C grep -q $'\xe2\x80[\x8b-\x8f\xaa-\xae]\|\xe2\x81[\xa6-\xa9]\|\xc2[\x80-\x9f]' \
    "$BATS_TEST_TMPDIR/all" || fail "a C1, bidirectional or zero-width character came through"
  iconv -f UTF-8 -t UTF-8 "$BATS_TEST_TMPDIR/all" >/dev/null || fail "not UTF-8"
}

names=($'\e[2J\e[1;1H' $'\e]0;title\a' $'a\nopsig: b' $'a\rb' $'a\tb' $'\x7f'
  '<script>' '"q"' "'" '\' '%s%n' $'\xc2\x9b31m' $'\xe2\x80\xaegnp' $'\xe2\x80\x8b'
  '->' '::error' $'\xf0\x9f\xa7\xa0' '=1+1')

@test "node names" {
  local name
  for name in "${names[@]}"; do
    model m.onnx -n "$name" 'a = Pad(x); b = AveragePool(a)'
    opsig scan --db fixed.db --fail-on never m.onnx
    expect_status 0
    expect_harmless
    opsig inspect m.onnx
    expect_harmless
    opsig inspect --format dot m.onnx
    expect_status 0
    expect_harmless
    opsig inspect --format graphml m.onnx
    expect_status 0
    expect_harmless
    opsig scan --db fixed.db --fail-on never --format json m.onnx
    expect_harmless
    NAME=$name expect_json \
      'd["models"][0]["findings"][0]["matches"][0][0] == __import__("os").environ["NAME"]' True
  done
}

@test "paths" {
  local name
  for name in "${names[@]}" "-o" $'\xff\xfe'; do
    mkdir -p paths
    model "paths/$name.onnx" 'a = Pad(x)'
    head -c 20 "paths/$name.onnx" >"paths/$name.cut"
    opsig scan --db fixed.db --format text -- paths "paths/$name.cut" "paths/$name.onnx"
    expect_status 3
    expect_harmless
    expect_one_error
    opsig inspect --format json -- paths "paths/$name.cut"
    expect_status 3
    expect_harmless
    expect_json 'len(d["models"])' 2
    opsig inspect "paths/no$name"
    expect_status 2
    expect_harmless
    expect_one_error
    rm -r paths
  done
}

@test "arguments in usage errors" {
  local name
  for name in "${names[@]}"; do
    opsig "$name"
    expect_status 2
    expect_harmless
    opsig scan --db fixed.db --fail-on "$name" x
    expect_status 2
    expect_harmless
    expect_one_error
    opsig db show fixed.db "$name"
    expect_status 2
    expect_harmless
    expect_one_error
  done
}

@test "the files of hostile text: loaded or refused, harmless in every format" {
  [[ -d $shared/malformed/text ]] || skip "no $shared/malformed"
  local file
  for file in "$shared"/malformed/text/*.onnx; do
    for format in text json dot graphml; do
      opsig inspect --format "$format" "$file"
      [[ $status -eq 0 || $status -eq 3 ]] || fail "$file"
      expect_harmless
      [[ $format != json ]] || expect_json 'd["status"] in ("ok", "error")' True
    done
  done
}

@test "a scan of all hostile text is one valid document" {
  [[ -d $shared/malformed/text ]] || skip "no $shared/malformed"
  opsig scan --db fixed.db --format json --fail-on never "$shared/malformed/text"
  [[ $status -eq 0 || $status -eq 3 ]]
  expect_harmless
  expect_json 'd["summary"]["models"]' "$(find "$shared/malformed/text" -name '*.onnx' | wc -l)"
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
