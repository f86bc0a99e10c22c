#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Web pages: well-formed, self-contained, and usable in a browser.

load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  load helper
  make_corpus corpus
  make_database corpus c.db
  mkdir models
  cp corpus/bad/m10.onnx models/a.onnx
  cp corpus/good/m11.onnx models/b.onnx
  head -c 30 models/a.onnx >models/c.onnx
  model "models/<i>&'\".onnx" -n '</title><script>alert(1)</script>' \
    'a = Pad(x); b = AveragePool(a); y = Relu(b)'
  "$OPSIG" scan --db c.db --fail-on never --format html -o scan.html models 2>/dev/null || true
}

setup() {
  cd "$BATS_FILE_TMPDIR"
}

check_page() { # FILE [--script]
  command -v python3 >/dev/null || skip "python3 is missing"
  python3 "$here/../check_page.py" "$@"
}

@test "scan --format html is well-formed and asks for nothing from elsewhere" {
  check_page scan.html --script
}

@test "scan --format html has the exit status of every format, and names what was not read" {
  opsig scan --db c.db --format html models
  expect_status 3
  expect_in "$output" "1 could not be read, which does not mean that they are clean"
  opsig scan --db c.db --format html --fail-on low models/a.onnx
  expect_status 1
  opsig scan --db c.db --format html models/b.onnx
  expect_status 0
}

@test "the same input gives the same page, whatever the workers" {
  opsig scan --db c.db --format html -j1 models
  local one=$output
  opsig scan --db c.db --format html -j2 models
  [[ $output == "$one" ]] || fail "-j2 differs"
}

@test "inspect --format html has facts, counts and a drawing, and names what was not read" {
  opsig inspect --format html -o "$BATS_TEST_TMPDIR/inspect.html" models
  expect_status 3
  check_page "$BATS_TEST_TMPDIR/inspect.html" --script
  output=$(<"$BATS_TEST_TMPDIR/inspect.html")
  expect_in "$output" '<th scope="row">AveragePool</th><td class="n" data-v="1">1</td>'
  expect_in "$output" '<th scope="row">Pad -&gt; AveragePool</th>'
  expect_in "$output" '<title>/bad10/Pad: Pad{mode=constant}</title>'
  expect_in "$output" 'could not be read'
}

@test "a drawing frames nested graphs" {
  opsig inspect --format svg "$here/../../examples/corpus/models/wide-006365.onnx"
  expect_status 0
  [[ $(grep -c 'class="cluster"' <<<"$output") == 1 ]] || fail "not one frame"
  expect_in "$output" '<title>nested graphs of /mods.0/If</title>'
  [[ $(grep -o 'class="n d"' <<<"$output" | wc -l) == 3 ]] || fail "not three nodes"
}

@test "inspect --format svg draws one model, alone" {
  command -v python3 >/dev/null || skip "python3 is missing"
  opsig inspect --format svg -o "$BATS_TEST_TMPDIR/a.svg" models/a.onnx
  expect_status 0
  [[ $(python3 -c 'import sys, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
print(root.tag, len(root.findall("{*}g")), len(root.findall("{*}style")))' \
    "$BATS_TEST_TMPDIR/a.svg") == "{http://www.w3.org/2000/svg}svg 3 1" ]]
  opsig inspect --format svg models
  expect_usage_error "draws one model"
  opsig inspect --format svg models/c.onnx
  expect_status 3
}

@test "a graph that is too large to be drawn is said to be so" {
  for i in {1..5001}; do printf 'a%d = Relu(d);' "$i"; done >many
  model many.onnx "d = Relu(x); $(<many)"
  opsig inspect --format svg many.onnx
  expect_status 4
  expect_in "$stderr" "--format dot"
  opsig inspect --format html many.onnx
  expect_status 0
  expect_in "$output" "too large to be drawn here"
}

@test "db list --format html has an index and the evidence for each, its pattern drawn" {
  opsig db list --format html c.db -o "$BATS_TEST_TMPDIR/list.html"
  expect_status 0
  check_page "$BATS_TEST_TMPDIR/list.html" --script
  output=$(<"$BATS_TEST_TMPDIR/list.html")
  expect_in "$output" '<code>Pad -&gt; AveragePool</code> OPS-998bd8308727'
  expect_in "$output" 'inconsistent models hold it'
  expect_in "$output" '<title>0: Pad</title>'
  [[ $(grep -c '<tr data-s=' <<<"$output") == $("$OPSIG" db list c.db | wc -l) ]]
}

@test "db list and show --format html have rules, too" {
  local db
  db=$(dirname "$OPSIG")/share/opsig/default.db
  opsig db list -f html "$db" -o "$BATS_TEST_TMPDIR/list.html"
  check_page "$BATS_TEST_TMPDIR/list.html" --script
  opsig db show "$db" negative-indices -f html -o "$BATS_TEST_TMPDIR/rule.html"
  check_page "$BATS_TEST_TMPDIR/rule.html"
  expect_in "$(<"$BATS_TEST_TMPDIR/rule.html")" 'any(i.indices) &lt; 0'
}

@test "db show --format html is the evidence page of a signature" {
  opsig db show --format html c.db OPS-998b -o "$BATS_TEST_TMPDIR/show.html"
  expect_status 0
  check_page "$BATS_TEST_TMPDIR/show.html" --script
  output=$(<"$BATS_TEST_TMPDIR/show.html")
  expect_in "$output" '<h1>Pad -&gt; AveragePool</h1>'
  expect_in "$output" '<code>/bad10/Pad</code>'
  opsig db info --format html c.db
  expect_usage_error "--format html is for list and show"
}

@test "hypothesis --format html has the verdict, every figure and every plot" {
  opsig hypothesis corpus/manifest.csv --oracle ort --permutations 20 --format html \
    -o "$BATS_TEST_TMPDIR/hypothesis.html"
  expect_status 0
  check_page "$BATS_TEST_TMPDIR/hypothesis.html"
  output=$(<"$BATS_TEST_TMPDIR/hypothesis.html")
  expect_in "$output" 'The shared-sequence hypothesis is '
  expect_in "$output" '12 inconsistent and 30 consistent models under the oracle ort'
  for plot in sharing order rewired roc pr tolsharing tolorder tolauc; do
    expect_in "$output" "<title id=\"$plot-t\">"
  done
  expect_in "$output" "The paper&apos;s figures"
  expect_not_in "$output" "nan"
  opsig hypothesis corpus/manifest.csv --oracle ort --mode paper --format html
  expect_status 0
  expect_not_in "$output" 'The shared-sequence hypothesis is '
}
