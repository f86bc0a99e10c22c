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

# The page as the browser has it after a script, which ends by setting the title, has run.
needs_browser() {
  command -v chromium >/dev/null || skip "chromium is missing"
}

browse() { # FILE SCRIPT
  sed 's/<meta http-equiv="Content-Security-Policy"[^>]*>//' "$1" >"$BATS_TEST_TMPDIR/page.html"
  printf '<script>{%s}</script>' "$2" >>"$BATS_TEST_TMPDIR/page.html"
  timeout 60 chromium --headless --no-sandbox --disable-gpu --dump-dom \
    --user-data-dir="$BATS_TEST_TMPDIR/chromium" "file://$BATS_TEST_TMPDIR/page.html#m1" \
    2>/dev/null | sed -n 's/^<title>\(.*\)<\/title>.*/\1/p'
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

@test "names in models stay text in a browser" {
  needs_browser
  [[ $(browse scan.html 'document.title = document.scripts.length + " " +
    document.querySelectorAll("i").length') == "2 0" ]]
}

@test "the table of models can be sorted and filtered, and a link opens its model" {
  needs_browser
  local script='
    const heading = document.querySelectorAll("#models th button");
    const paths = () => [...document.querySelectorAll("#models tbody tr")]
      .filter((row) => !row.hidden).map((row) => row.cells[0].textContent.slice(7, 8)).join("");
    const seen = [paths()];
    heading[1].click(); seen.push(paths().slice(-2));
    heading[0].click(); heading[0].click(); seen.push(paths().slice(0, 2));
    const [words, severity] = document.querySelectorAll("#filter input, #filter select");
    words.value = "B.ON"; words.dispatchEvent(new Event("input")); seen.push(paths());
    words.value = ""; severity.value = "1"; severity.dispatchEvent(new Event("input"));
    seen.push([...paths()].sort().join(""));
    seen.push(document.getElementById("m1").closest("details").open,
      document.getElementById("m2").closest("details").open);
    document.title = seen.join(" ");'
  local seen
  seen=$(browse scan.html "$script")
  [[ $seen == '&lt;abc bc cb b &lt;ac true false' ]] || fail "$seen"
}

@test "inspect --format html has facts, counts and a drawing, and names what was not read" {
  opsig inspect --format html -o "$BATS_TEST_TMPDIR/inspect.html" models
  expect_status 3
  check_page "$BATS_TEST_TMPDIR/inspect.html"
  output=$(<"$BATS_TEST_TMPDIR/inspect.html")
  expect_in "$output" '<th scope="row">AveragePool</th><td class="n" data-v="1">1</td>'
  expect_in "$output" '<th scope="row">Pad -&gt; AveragePool</th>'
  expect_in "$output" '<title>/bad10/Pad: Pad{mode=constant}</title>'
  expect_in "$output" 'could not be read'
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
