#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# opsig scan in the formats that other programs read: SARIF, JUnit, Markdown, CSV.

load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  load helper
  make_corpus corpus
  make_database corpus c.db
  mkdir models
  cp corpus/bad/m10.onnx models/a.onnx
  cp corpus/good/m11.onnx models/b.onnx
  head -c 30 models/a.onnx >'models/c|`{x}](y).onnx'
  model 'models/=1+"<i>,d.onnx' -n '=[a](http://b) {0}|`@c' \
    'a = Pad(x); b = AveragePool(a); y = Relu(b)'
}

setup() {
  cd "$BATS_FILE_TMPDIR"
  command -v python3 >/dev/null || skip "python3 is missing"
}

scan() { # FORMAT ARGUMENT...
  opsig scan --db c.db --format "$1" "${@:2}"
  printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/report"
}

# The value of a Python expression over the report, whose text is t.
expect() { # EXPRESSION VALUE
  local value
  value=$(python3 -c 'import csv, io, json, re, sys, xml.etree.ElementTree as tree
t = open(sys.argv[1], encoding="utf-8", newline="").read()
print(eval("(" + sys.argv[2] + ")"))' "$BATS_TEST_TMPDIR/report" "$1") || fail "cannot evaluate $1"
  [[ $value == "$2" ]] || fail "$1 is $value, expected $2"
}

@test "the name of the output tells the format, unless --format does" {
  local name format
  while read -r name format; do
    opsig scan --db c.db models -o "$BATS_TEST_TMPDIR/$name"
    opsig scan --db c.db models -f "$format" -o "$BATS_TEST_TMPDIR/expected"
    cmp "$BATS_TEST_TMPDIR/$name" "$BATS_TEST_TMPDIR/expected" || fail "$name is not $format"
  done <<'EOF'
r.json json
r.sarif sarif
r.sarif.json sarif
r.html html
r.xml junit
r.md markdown
r.csv csv
r.txt text
r.svg text
json text
EOF
  opsig scan --db c.db models --format csv -o "$BATS_TEST_TMPDIR/named.json"
  opsig scan --db c.db models --format csv -o "$BATS_TEST_TMPDIR/expected"
  cmp "$BATS_TEST_TMPDIR/named.json" "$BATS_TEST_TMPDIR/expected"
  opsig inspect models/b.onnx -o "$BATS_TEST_TMPDIR/r.svg"
  [[ $(head -c 4 "$BATS_TEST_TMPDIR/r.svg") == "<svg" ]]
}

@test "the exit status does not depend on the format" {
  for format in text json html sarif junit markdown csv; do
    scan $format --fail-on never models/a.onnx models/b.onnx
    expect_status 0
    scan $format --fail-on low models/a.onnx
    expect_status 1
    scan $format --fail-on low models
    expect_status 3
  done
}

@test "SARIF is what its standard demands" {
  scan sarif --fail-on never models
  python3 "$here/../check_sarif.py" "$BATS_TEST_TMPDIR/report"
  expect '[len(r["results"]) > 1 for r in json.loads(t)["runs"]]' '[True]'
}

@test "SARIF names each finding's model, nodes, level and evidence" {
  scan sarif --fail-on never models/a.onnx
  local result='json.loads(t)["runs"][0]["results"][0]'
  local location="${result}['locations'][0]"
  expect "${location}['physicalLocation']['artifactLocation']['uri']" models/a.onnx
  expect "[n['name'] for n in ${location}['logicalLocations']]" "['/bad10/Pad', '/bad10/Pool']"
  local counts='12 of 12 inconsistent models hold it, 0 of 30 consistent ones'
  expect "'$counts' in ${result}['message']['text']" True
}

@test "SARIF fingerprints stay the same when nodes are renamed and change with the path" {
  model models2.onnx -n x -n y 'a = Pad(x); b = AveragePool(a); c = Relu(b)'
  scan sarif --fail-on never models2.onnx
  local first
  first=$(grep -o 'primaryLocationLineHash": "[^"]*' "$BATS_TEST_TMPDIR/report")
  model models2.onnx -n other -n names 'a = Pad(x); b = AveragePool(a); c = Relu(b)'
  scan sarif --fail-on never models2.onnx
  [[ $(grep -o 'primaryLocationLineHash": "[^"]*' "$BATS_TEST_TMPDIR/report") == "$first" ]]
  mv models2.onnx models3.onnx
  scan sarif --fail-on never models3.onnx
  [[ $(grep -o 'primaryLocationLineHash": "[^"]*' "$BATS_TEST_TMPDIR/report") != "$first" ]]
}

@test "a model that could not be read makes a SARIF run unsuccessful" {
  scan sarif --fail-on never models/c*
  expect_status 3
  python3 "$here/../check_sarif.py" "$BATS_TEST_TMPDIR/report"
  expect 'json.loads(t)["runs"][0]["invocations"][0]["executionSuccessful"]' False
  expect '[n["descriptor"]["id"] for n in
    json.loads(t)["runs"][0]["invocations"][0]["toolExecutionNotifications"]]' "['truncated']"
}

@test "JUnit has a suite for each model and totals on every level" {
  scan junit --fail-on low models
  local totals='(lambda e: [int(e.get(k)) for k in ["tests", "failures", "errors", "skipped"]])'
  expect "$totals(tree.fromstring(t))" '[4, 2, 1, 0]'
  expect "[(s.get('name')[-1:], $totals(s)) for s in tree.fromstring(t)]" \
    "[('x', [1, 1, 0, 0]), ('x', [1, 1, 0, 0]), ('x', [1, 0, 0, 0]), ('x', [1, 0, 1, 0])]"
  expect '[len(c) for s in tree.fromstring(t) for c in s]' '[1, 1, 0, 1]'
  expect '"/bad10/Pad, /bad10/Pool" in tree.fromstring(t)[1][0][0].text' True
}

@test "JUnit fails where --fail-on does, and lists other findings as output" {
  scan junit --fail-on never models/a.onnx
  expect_status 0
  expect '[(c.tag, int(tree.fromstring(t).get("failures"))) for c in tree.fromstring(t)[0][0]]' \
    "[('system-out', 0)]"
}

@test "Markdown has a row for each model to look at, and names cannot leave their code spans" {
  scan markdown --fail-on never models
  expect_in "$output" '### opsig: 2 of 4 models with findings'
  expect_in "$output" 'could not be read, which does not mean that they are clean'
  expect 'len([l for l in t.splitlines() if l.startswith("|")])' 5
  # Cells: a bar ends one unless a backslash stands before it.
  expect '{len(re.split(r"(?<!\\)\|", l)) for l in t.splitlines() if l.startswith("|")}' '{5}'
  expect 'any("](" in re.sub(r"(`+) ?.*? ?\1", "", l) for l in t.splitlines())' False
}

@test "CSV has a row for each finding and for each other model, all of one width" {
  scan csv --fail-on never models
  expect '{len(row) for row in csv.reader(io.StringIO(t, newline=""))}' '{22}'
  expect '[(r["path"][-6:-5], r["status"], r["pattern"] != "") for r in
    csv.DictReader(io.StringIO(t, newline="")) if r["pattern"] in ("", "Pad -> AveragePool")]' \
    "[('d', 'ok', True), ('a', 'ok', True), ('b', 'ok', False), (')', 'error', False)]"
  expect 't.count("\r\n") >= 5' True
}

@test "CSV has no text that a spreadsheet would take for a formula" {
  cp models/=* "=x.onnx"
  scan csv --fail-on never ./=x.onnx '=x.onnx'
  expect '{r["path"] for r in csv.DictReader(io.StringIO(t, newline=""))} ==
    {"./=x.onnx", "\x27=x.onnx"}' True
  expect '{r["nodes"][:2] for r in csv.DictReader(io.StringIO(t, newline=""))}' "{\"'=\"}"
}

@test "findings that do not count are suppressed in SARIF and fail no case in JUnit" {
  opsig scan --db c.db --fail-on never --write-baseline "$BATS_TEST_TMPDIR/known.json" models/a.onnx
  expect_status 0
  scan sarif --fail-on low --baseline "$BATS_TEST_TMPDIR/known.json" models/a.onnx
  expect_status 0
  python3 "$here/../check_sarif.py" "$BATS_TEST_TMPDIR/report"
  expect '{s["justification"] for r in json.loads(t)["runs"][0]["results"]
    for s in r["suppressions"]}' "{'covered by the baseline'}"
  scan junit --fail-on low --baseline "$BATS_TEST_TMPDIR/known.json" models/a.onnx
  expect 'int(tree.fromstring(t).get("failures"))' 0
  scan csv --fail-on low --baseline "$BATS_TEST_TMPDIR/known.json" models/a.onnx
  expect '{r["state"] for r in csv.DictReader(io.StringIO(t, newline=""))}' "{'known'}"
}
