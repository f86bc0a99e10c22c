#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Subgraphs in databases, and scans for them.

load helper

diamond="a:Add; b:Relu; c:Conv; d:Sigmoid; b -> a; c -> b; c -> d; d -> a"
fork="a:Conv; b:Relu; c:Sigmoid; a -> b; a -> c"

id_of() { # PATTERN
  printf 'OPS-%s' "$(printf '%s' "$1" | sha256sum | cut -c1-12)"
}

# The text form of a database with these patterns, the first of them the strongest.
database_text() { # PATTERN...
  printf 'opsig-database 1\nalphabet both\nrisk intercept -2 offset 0 slope 1 hinge 0 knot -1\n'
  printf 'model inconsistent - bad.onnx\n'
  local pattern low=12
  for pattern in "$@"; do
    printf '%s\n' "signature $(id_of "$pattern") significant" "pattern $pattern" \
      "context $pattern" "inconsistent 31 210" "consistent 4 900" "p 1e-20" "p_adjusted 1e-15" \
      "p_order -" "odds_ratio 100 $low 300" "likelihood_ratio 100 $low 300" \
      "confidence 0.886 0.74 0.955" "lift 4.68" "weight 1" "severity high" \
      "evidence bad.onnx one two three"
    low=$((low - 1))
  done
}

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  load helper
  model one.onnx 'a = Conv(x, w); b = Relu(a); c = Sigmoid(a); d = Add(b, c)'
  model two.onnx 'a = Conv(x, w); b = Relu(a); c = Sigmoid(b); d = Add(b, c)'
  model twice.onnx 'a = Conv(x, w); b = Relu(a); c = Sigmoid(a); d = Add(b, c);
    e = Conv(d, w); f = Relu(e); g = Sigmoid(e); h = Add(g, f)'
  database_text "$diamond" "$fork" "Conv -> Relu" >signatures.txt
  "$OPSIG" db import signatures.txt -o signatures.db
}

setup() {
  cd "$BATS_FILE_TMPDIR"
}

@test "export gives subgraphs back as they were imported" {
  opsig db export signatures.db
  expect_status 0
  expect_in "$output" "pattern $diamond"
  printf '%s\n' "$output" >again.txt
  opsig db import again.txt -o again.db
  expect_status 0
  cmp signatures.db again.db
}

@test "list and info print subgraphs" {
  opsig db list signatures.db
  expect_status 0
  expect_in "$output" "$diamond"
  opsig db list --format json signatures.db
  expect_json 'sorted(s["kind"] for s in d["signatures"])' "['sequence', 'subgraph', 'subgraph']"
  opsig db info signatures.db
  expect_status 0
  expect_in "$output" "3 signatures"
}

@test "show names the signatures within and around one" {
  opsig db show signatures.db "$(id_of "$fork")"
  expect_status 0
  expect_in "$output" "Signatures within it
  $(id_of "Conv -> Relu")  Conv -> Relu"
  expect_in "$output" "Signatures around it
  $(id_of "$diamond")  $diamond"
  opsig db show --format json signatures.db "$(id_of "$diamond")"
  expect_json 'd["kind"], [p["pattern"] for p in d["parts"]], d["wholes"]' \
    "('subgraph', ['$fork'], [])"
}

@test "show draws a pattern as DOT, and nothing else does" {
  opsig db show --format dot signatures.db "$(id_of "$fork")"
  expect_status 0
  expect_in "$output" "digraph pattern {"
  expect_in "$output" "n0 -> n2;"
  opsig db list --format dot signatures.db
  expect_usage_error "opsig"
}

@test "a scan finds a subgraph where it is, with its nodes in pattern order" {
  opsig scan --db signatures.db --format json one.onnx two.onnx
  expect_status 1
  expect_json '[[f["pattern"] for f in m["findings"]] for m in d["models"]]' \
    "[['$diamond', '$fork', 'Conv -> Relu'], ['Conv -> Relu']]"
  expect_json '[f["kind"] for f in d["models"][0]["findings"]]' \
    "['subgraph', 'subgraph', 'sequence']"
  expect_json 'd["models"][0]["findings"][0]["matches"]' \
    "[['Add#3(d)', 'Relu#1(b)', 'Conv#0(a)', 'Sigmoid#2(c)']]"
  expect_json '[f.get("covered_by") for f in d["models"][0]["findings"]]' \
    "[None, '$(id_of "$diamond")', '$(id_of "$diamond")']"
  expect_json '"unsearched" in d["models"][0]' False
}

@test "people see the whole, and what lies within it is folded" {
  opsig scan --db signatures.db twice.onnx
  expect_status 1
  expect_in "$output" "$diamond"
  expect_in "$output" "in 2 places: Add#3(d), Relu#1(b), Conv#0(a), Sigmoid#2(c); Add#7(h)"
  expect_in "$output" "and 2 weaker findings inside it"
}

@test "a search past --max-work is told, never silent" {
  local branches
  branches=$(printf 'r%d = Relu(a); ' {1..40})$(printf 's%d = Sigmoid(a); ' {1..40})
  model star.onnx "a = Conv(x, w); $branches z = Add(r1, s1)"
  opsig scan --db signatures.db --format json star.onnx
  expect_json '[f["occurrences"] for f in d["models"][0]["findings"]]' "[1, 1600, 40]"
  opsig scan --db signatures.db --max-work 200 --format json star.onnx
  expect_status 1
  expect_json '[(f["pattern"], f["occurrences"], f.get("incomplete"))
    for f in d["models"][0]["findings"] if f["pattern"].startswith("a:Conv")]' \
    "[('$fork', 80, True)]"
  opsig scan --db signatures.db --max-work 10 --format json star.onnx
  expect_json 'd["models"][0]["unsearched"]' "['$(id_of "$diamond")', '$(id_of "$fork")']"
  opsig scan --db signatures.db --max-work 10 star.onnx
  expect_in "$output" "note: 2 signatures may be here and not found"
  opsig scan --db signatures.db --max-work 10 --format html star.onnx
  expect_in "$output" "Note: 2 signatures may be here and not found"
  opsig scan --db signatures.db --max-work 0 star.onnx
  expect_usage_error "--max-work"
}

@test "what is no directed pattern is refused" {
  database_text "Conv -- Relu" >undirected.txt
  opsig db import undirected.txt -o undirected.db
  expect_status 3
  expect_in "$stderr" "no direction"
  [[ ! -e undirected.db ]]
}

@test "a subgraph that is mined is found by a scan, where its evidence says" {
  local i k tail folder=$BATS_TEST_TMPDIR
  echo path,ort_status >"$folder/manifest.csv"
  for i in {1..30}; do # a tail of its own for each model of a class
    tail="e0 = Add(b, c)"
    for ((k = 1; k <= i; k++)); do
      tail+="; e$k = Neg(e$((k - 1)))"
    done
    model "$folder/apart$i.onnx" \
      "a = Conv(x, w); b = Relu(a); f = Conv(x, w); c = Sigmoid(f); $tail; y = Abs(e$i)"
    echo "apart$i.onnx,consistent" >>"$folder/manifest.csv"
    [[ $i -le 12 ]] || continue
    model "$folder/fork$i.onnx" "a = Conv(x, w); b = Relu(a); c = Sigmoid(a); $tail; y = Abs(e$i)"
    echo "fork$i.onnx,inconsistent" >>"$folder/manifest.csv"
  done
  opsig mine "$folder/manifest.csv" --oracle ort --kind subgraph -o mined.db
  expect_status 0
  opsig db list --format json mined.db
  expect_json '[s["pattern"] for s in d["signatures"]]' "['$fork']"
  opsig db show --format json mined.db "$(id_of "$fork")"
  expect_json 'd["evidence"][0]["nodes"]' "['Conv#0(a)', 'Relu#1(b)', 'Sigmoid#2(c)']"
  opsig scan --no-config --db mined.db --format json "$folder/fork3.onnx" "$folder/apart3.onnx"
  expect_status 0 # of medium severity
  expect_json '[len(m["findings"]) for m in d["models"]]' "[1, 0]"
}
