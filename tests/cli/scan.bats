#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# opsig scan: findings, exit statuses, inputs. fixed.db holds a signature of each severity:
# Pad -> AveragePool high, AveragePool medium, Pad low.

load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  load helper
  "$OPSIG" db import "$here/data/fixed.txt" -o fixed.db
  model high.onnx -n /pad -n /pool -n /relu 'a = Pad(x); b = AveragePool(a); y = Relu(b)'
  model medium.onnx -n /pool 'b = AveragePool(x); y = Relu(b)'
  model low.onnx -n /pad 'a = Pad(x); y = Relu(a)'
  model clean.onnx 'a = Relu(x); y = Neg(a)'
  model twice.onnx 'a = Pad(x); b = AveragePool(a); c = AveragePool(a); y = Add(b, c)'
  head -c 30 high.onnx >broken.onnx
  mkdir -p folder/sub empty
  cp high.onnx folder/b.onnx
  cp clean.onnx folder/a.onnx
  cp low.onnx folder/sub/c.onnx
  echo "not a model" >folder/readme.txt
}

setup() {
  cd "$BATS_FILE_TMPDIR"
}

@test "text report of findings and of a clean model" {
  opsig scan --db fixed.db high.onnx clean.onnx
  expect_status 1
  expect_golden scan.txt
}

@test "text report of an unreadable model says why and what to do" {
  opsig scan --db fixed.db broken.onnx
  expect_status 3
  expect_in "$output" "broken.onnx: could not be read: "
  expect_in "$output" "1 model: 0 with findings (0 high, 0 medium, 0 low), 0 without, 1 could not"
  expect_in "$output" "next: "
}

@test "--explain prints the page of db show for each signature found, once" {
  opsig db show fixed.db OPS-55c2
  local page=$output
  opsig scan --db fixed.db --explain medium.onnx medium.onnx
  expect_status 0
  [[ $output == *$'\n\n'"$page" ]] || fail "does not end with the page"
  opsig scan --db fixed.db --explain --format json medium.onnx high.onnx
  expect_json '[e["id"] for e in d["explanations"]]' \
    "['OPS-55c2d5886acf', 'OPS-998bd8308727', 'OPS-095c18be7574']"
  local explanation
  explanation=$(json 'd["explanations"][0]')
  opsig db show --format json fixed.db OPS-55c2
  [[ $(json d) == "$explanation" ]] || fail "differs from db show"
}

@test "verbose text report shows what is folded" {
  opsig scan --db fixed.db --verbose high.onnx
  expect_status 1
  expect_golden scan_verbose.txt
}

@test "JSON report has the documented fields" {
  opsig scan --db fixed.db --format json high.onnx clean.onnx
  expect_status 1
  output=$(sed 's/"version": "[^"]*"/"version": "..."/' <<<"$output")
  expect_golden scan.json
  opsig scan --db fixed.db --format json high.onnx broken.onnx clean.onnx
  expect_json 'd["summary"]' \
    "{'models': 3, 'errors': 1, 'findings': {'high': 1, 'medium': 1, 'low': 1}, 'known': 0,\
 'ignored': 0}"
  expect_json '[f["severity"] for f in d["models"][0]["findings"]]' "['high', 'medium', 'low']"
  expect_json 'd["models"][0]["findings"][0]["matches"]' "[['/pad', '/pool']]"
}

@test "unnamed nodes are named by operator, position and output" {
  opsig scan --db fixed.db --format json --fail-on never twice.onnx
  expect_status 0
  expect_json 'd["models"][0]["findings"][0]["matches"]' \
    "[['Pad#0(a)', 'AveragePool#1(b)'], ['Pad#0(a)', 'AveragePool#2(c)']]"
  expect_json 'd["models"][0]["findings"][0]["occurrences"]' 2
}

@test "--max-matches keeps fewer places and counts all" {
  opsig scan --db fixed.db --format json --fail-on never --max-matches 1 twice.onnx
  expect_json 'len(d["models"][0]["findings"][0]["matches"])' 1
  expect_json 'd["models"][0]["findings"][0]["occurrences"]' 2
}

@test "--fail-on decides the status by severity" {
  local expected fail_on file
  while read -r file fail_on expected; do
    opsig scan --db fixed.db ${fail_on:+--fail-on "$fail_on"} "$file"
    expect_status "$expected"
  done <<'EOT'
high.onnx high 1
high.onnx medium 1
high.onnx low 1
high.onnx never 0
medium.onnx high 0
medium.onnx medium 1
medium.onnx low 1
low.onnx high 0
low.onnx medium 0
low.onnx low 1
clean.onnx low 0
EOT
  opsig scan --db fixed.db high.onnx
  expect_status 1
  opsig scan --db fixed.db medium.onnx
  expect_status 0
}

@test "the format never changes the status" {
  for file in high.onnx medium.onnx clean.onnx broken.onnx; do
    opsig scan --db fixed.db --format text "$file"
    local text=$status
    opsig scan --db fixed.db --format json "$file"
    expect_status "$text"
    opsig scan --db fixed.db --format json -o "$BATS_TEST_TMPDIR/out" "$file"
    expect_status "$text"
  done
}

@test "an unreadable model wins over a finding, and the rest is scanned" {
  opsig scan --db fixed.db --format json broken.onnx high.onnx
  expect_status 3
  expect_one_error
  expect_in "$stderr" "opsig: broken.onnx: "
  expect_json '[m["status"] for m in d["models"]]' "['error', 'ok']"
}

@test "--min-severity leaves weaker findings out, also for --fail-on" {
  opsig scan --db fixed.db --format json --min-severity medium --fail-on low low.onnx
  expect_status 0
  expect_json 'd["models"][0]["findings"]' "[]"
  opsig scan --db fixed.db --format json --min-severity medium --fail-on low high.onnx
  expect_status 1
  expect_json 'len(d["models"][0]["findings"])' 2
}

@test "a folder is walked for models in a fixed order" {
  opsig scan --db fixed.db --format json --fail-on never folder
  expect_status 0
  expect_json '[m["path"] for m in d["models"]]' \
    "['folder/a.onnx', 'folder/b.onnx', 'folder/sub/c.onnx']"
}

@test "a named file need not end in .onnx" {
  cp high.onnx model.bin
  opsig scan --db fixed.db model.bin
  expect_status 1
}

@test "a folder without models is said" {
  opsig scan --db fixed.db empty
  expect_status 0
  expect_one_error
  expect_in "$stderr" "opsig: empty: "
}

@test "include and exclude" {
  opsig scan --db fixed.db --format json --fail-on never --exclude 'folder/sub/*' folder
  expect_json 'len(d["models"])' 2
  opsig scan --db fixed.db --format json --fail-on never --include 'c.*' folder
  expect_json '[m["path"] for m in d["models"]]' "['folder/sub/c.onnx']"
}

@test "--files-from takes a list, whose missing paths are errors of their own" {
  printf '%s\n' high.onnx gone.onnx '' clean.onnx folder >list
  opsig scan --db fixed.db --format json --files-from list
  expect_status 3
  expect_one_error
  expect_in "$stderr" "opsig: gone.onnx: "
  expect_json '[m["path"] for m in d["models"]]' \
    "['high.onnx', 'gone.onnx', 'clean.onnx', 'folder/a.onnx', 'folder/b.onnx',\
 'folder/sub/c.onnx']"
  run -0 --separate-stderr bash -c 'echo clean.onnx | "$OPSIG" scan --db fixed.db --files-from -'
  opsig scan --db fixed.db --files-from nowhere clean.onnx
  expect_usage_error "opsig: nowhere: "
}

@test "an empty list is an empty report" {
  : >list
  opsig scan --db fixed.db --format json --files-from list
  expect_status 0
  expect_json 'd["summary"]["models"]' 0
}

@test "a list with a NUL is refused" {
  printf 'high.onnx\0clean.onnx\n' >list
  opsig scan --db fixed.db --files-from list
  expect_status 2
}

@test "standard input is a model" {
  run -1 --separate-stderr bash -c '"$OPSIG" scan --db fixed.db --format json - <high.onnx'
  expect_json 'd["models"][0]["path"]' "-"
  run -1 --separate-stderr bash -c 'cat high.onnx | "$OPSIG" scan --db fixed.db -'
  run -3 --separate-stderr bash -c '"$OPSIG" scan --db fixed.db - </dev/null'
  run -2 --separate-stderr bash -c '"$OPSIG" scan --db fixed.db - - <high.onnx'
  run -2 --separate-stderr bash -c '"$OPSIG" scan --db fixed.db --files-from - - <high.onnx'
}

@test "links to files are followed" {
  ln -sf high.onnx link.onnx
  opsig scan --db fixed.db link.onnx
  expect_status 1
}

@test "a FIFO and a folder that ends in .onnx are errors of their own" {
  rm -f fifo.onnx
  mkfifo fifo.onnx
  opsig scan --db fixed.db fifo.onnx
  expect_status 3
  expect_one_error
  mkdir -p dir.onnx
  opsig scan --db fixed.db dir.onnx
  expect_status 0
}

@test "several databases are joined, and findings tell which one they are from" {
  opsig scan --db fixed.db --db fixed.db --format json high.onnx
  local joined=$status
  [[ $joined -eq 1 ]] || fail "expected status 1"
  expect_json 'len(d["databases"])' 2
  expect_json 'd["models"][0]["findings"][0]["database"]' fixed.db
}

@test "without anything to look for it is a usage error that says so" {
  opsig scan --no-default high.onnx
  expect_usage_error "--db"
  opsig scan --no-default --db fixed.db clean.onnx
  expect_status 0
}

@test "a missing or unusable database is status 2" {
  opsig scan --db nowhere.db high.onnx
  expect_usage_error "opsig: nowhere.db: "
  opsig scan --db high.onnx high.onnx
  expect_usage_error "opsig: high.onnx: "
  : >zero.db
  opsig scan --db zero.db high.onnx
  expect_usage_error "opsig: zero.db: "
  [[ ! -s zero.db ]]
  opsig scan --db folder high.onnx
  expect_usage_error "opsig: folder: "
}

@test "a missing model is status 2 and nothing is scanned" {
  opsig scan --db fixed.db nowhere.onnx high.onnx
  expect_usage_error "opsig: nowhere.onnx: "
}

@test "bad values are usage errors" {
  local args
  while read -r args; do
    # shellcheck disable=SC2086
    opsig scan --db fixed.db $args high.onnx
    expect_status 2
    expect_one_error
  done <<'EOT'
--fail-on severe
--min-severity never
--max-matches 0
--max-matches 1x
-j 0
-j -1
--format yaml
--color sometimes
--progress maybe
--timeout -1
--timeout nan
--timeout 1e999
--timeout 0x10
--max-file-size 1Q
--max-file-size 18446744073709551616
--max-file-size 99999999T
--max-nodes 0
--max-depth 301
--max-name-length 65537
--max-attributes 0
--max-model-edges x
--max-model-memory 1X
EOT
}

@test "the same bytes whatever the number of workers" {
  local first=
  for jobs in 1 2 8; do
    opsig scan --db fixed.db --format json --fail-on never -j "$jobs" folder high.onnx broken.onnx
    expect_status 3
    [[ -z $first || $output == "$first" ]] || fail "differs with -j $jobs"
    first=$output
  done
}

@test "--hash gives the digest of the whole file" {
  opsig scan --db fixed.db --hash --format json --fail-on never high.onnx
  expect_json 'd["models"][0]["sha256"]' "$(sha256sum high.onnx | cut -d' ' -f1)"
  opsig scan --db fixed.db --hash --fail-on never high.onnx
  expect_in "$output" "SHA-256 $(sha256sum high.onnx | cut -d' ' -f1)"
}

@test "colour only where it is asked for" {
  opsig scan --db fixed.db high.onnx
  expect_not_in "$output" $'\e['
  opsig scan --db fixed.db --color always high.onnx
  expect_in "$output" $'\e[1;31mhigh\e[0m'
}

@test "progress is on standard error and only where it is asked for" {
  opsig scan --db fixed.db --progress always --fail-on never folder
  expect_in "$stderr" "scan 3 of 3"
  opsig scan --db fixed.db --fail-on never folder
  [[ -z $stderr ]]
}

@test "the database is as it was after a scan" {
  local before
  before=$(sha256sum fixed.db)
  opsig scan --db fixed.db high.onnx
  [[ $(sha256sum fixed.db) == "$before" ]]
  [[ ! -e fixed.db-journal && ! -e fixed.db-wal ]]
}
