#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# opsig scan and opsig slice with rules, and the database that comes with opsig.

load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  load helper
  cp "$here"/data/{sound,possible,wrong}.rules .
  model pad.onnx -n /pad -n /pool 'a = Pad(x); b = AveragePool(a); y = Relu(b)'
  model relu.onnx 'a = Abs(x); y = Relu(a)'
  model neg.onnx -n /a -n /b -n /c 'p = Neg(x); q = Neg(p); y = Neg(q)'
  model clean.onnx 'y = Abs(x)'
  "$OPSIG" db import sound.rules possible.rules "$here/data/fixed.txt" -o all.db
  "$OPSIG" db import sound.rules -o rules.db
}

setup() {
  cd "$BATS_FILE_TMPDIR"
  unset OPSIG_DEFAULT_DB
}

@test "a rule is found with its title, evidence, nodes and advice" {
  opsig scan --rules sound.rules pad.onnx
  expect_status 1
  expect_golden scan_rule.txt
  opsig scan --rules sound.rules neg.onnx
  expect_status 0
  expect_in "$output" "in 2 places: /a, /b; /b, /c"
}

@test "JSON has what the rule says, and no statistics" {
  opsig scan --format json --rules sound.rules pad.onnx
  expect_status 1
  local first='d["models"][0]["findings"][0]'
  expect_json "[${first}[k] for k in ('kind', 'id', 'severity', 'confidence', 'possible')]" \
    "['rule', 'pad-averagepool', 'high', 'fixed', False]"
  expect_json "${first}['matches']" "[['/pad', '/pool']]"
  expect_json "[${first}[k] for k in ('refs', 'fix', 'affects')]" \
    "[['https://example.org/pull/1'], 'Use a newer version.', ['onnxruntime 1.19 .. 1.20', 'tvm']]"
  expect_json "{'p', 'odds_ratio', 'support', 'risk_contribution'} & set($first)" "set()"
  expect_json 'd["rules"], d["databases"], d["models"][0]["risk"]' "(2, [], None)"
}

@test "a possible finding counts one severity less" {
  opsig scan --rules possible.rules relu.onnx
  expect_status 0
  expect_in "$output" "  medium rank-relu Relu of four dimensions"
  expect_in "$output" "possible: some test is of what is not known"
  opsig scan --rules possible.rules --fail-on medium relu.onnx
  expect_status 1
  opsig scan --rules possible.rules --min-severity high relu.onnx
  expect_in "$output" "no finding"
  opsig scan --format json --rules possible.rules relu.onnx
  expect_json '[(f["possible"], f["severity"]) for f in d["models"][0]["findings"]]' \
    "[(True, 'medium')]"
}

@test "what is certain stands first, then what is severe, rules before signatures" {
  opsig scan --db all.db --format json pad.onnx
  expect_json '[f["id"] for f in d["models"][0]["findings"]]' \
    "['pad-averagepool', 'OPS-998bd8308727', 'OPS-55c2d5886acf', 'OPS-095c18be7574', 'rank-relu']"
  expect_json 'd["databases"][0]["rules"]' 3
}

@test "every format tells of rules" {
  for format in text json html sarif junit markdown csv; do
    opsig scan --format "$format" --db all.db pad.onnx
    expect_status 1
    expect_in "$output" "Zero Pad folded into AveragePool changes the divisor"
    expect_in "$output" "Relu of four dimensions"
  done
  opsig scan --format sarif --db all.db pad.onnx -o report.sarif
  python3 "$here/../check_sarif.py" report.sarif
  opsig scan --format html --db all.db pad.onnx -o report.html
  python3 "$here/../check_page.py" report.html --script
  output=$(<report.sarif)
  expect_json '[(r["id"], r["helpUri"], r["properties"]["tags"]) for r in
    d["runs"][0]["tool"]["driver"]["rules"] if "helpUri" in r][0]' \
    "('pad-averagepool', 'https://example.org/pull/1', ['operator-rule', 'fusion', 'pooling'])"
  opsig scan --format junit --rules sound.rules pad.onnx
  expect_in "$output" '<testcase classname="pad.onnx" name="rules"><failure'
}

@test "--explain prints the evidence page of each rule found" {
  opsig scan --explain --rules sound.rules pad.onnx
  expect_in "$output" "confidence fixed (a merged change repairs it)"
  opsig scan --explain --format json --db all.db pad.onnx
  expect_json '[e["id"] for e in d["explanations"] if e["kind"] == "rule"]' \
    "['pad-averagepool', 'rank-relu']"
}

@test "rules of files, folders and databases are one; of one id the file's counts" {
  mkdir -p pack
  cp possible.rules pack/
  sed 's/severity high/severity low/; s/rank(n.X) == 4/dtype(n.X) == dtype(n.Y)/' possible.rules \
    >other.rules
  opsig scan --rules sound.rules --rules pack --fail-on never pad.onnx
  expect_in "$output" "2 findings"
  opsig scan --db all.db --rules other.rules --format json pad.onnx
  expect_json '[f["severity"] for f in d["models"][0]["findings"] if f["id"] == "rank-relu"]' \
    "['low']"
}

@test "--target and --tag keep the rules that they name, and signatures" {
  opsig scan --db all.db --target onnxruntime=1.20 --fail-on never --format json pad.onnx
  expect_json '[f["id"] for f in d["models"][0]["findings"] if f["kind"] == "rule"]' \
    "['pad-averagepool']"
  opsig scan --db all.db --target onnxruntime=1.23 --fail-on never --format json pad.onnx
  expect_json '[f["id"] for f in d["models"][0]["findings"]][0]' OPS-998bd8308727
  opsig scan --rules sound.rules --tag pooling pad.onnx
  expect_status 1
  opsig scan --rules sound.rules --tag other pad.onnx
  expect_status 0
  opsig scan --rules sound.rules --target tvm --target onnxruntime=1.23 pad.onnx
  expect_status 1
}

@test "a target that no rule is about is warned of" {
  opsig scan --rules sound.rules --target onnxruntim=1.23 clean.onnx
  expect_status 0
  [[ $stderr == "opsig: warning: no rule is about 'onnxruntim'; did you mean 'onnxruntime'?" ]] ||
    fail "another warning"
  opsig scan --quiet --rules sound.rules --target onnxruntim clean.onnx
  [[ -z $stderr ]]
}

@test "broken or missing rules are status 2, and nothing is scanned" {
  opsig scan --rules wrong.rules pad.onnx
  expect_usage_error "opsig: wrong.rules: line 2, column 3: "
  opsig scan --rules nowhere.rules pad.onnx
  expect_usage_error "nowhere.rules: no such file"
  opsig scan --rules sound.rules --db nowhere.db pad.onnx
  expect_usage_error "nowhere.db"
}

@test "rules can be ignored, and be known, by their ids" {
  echo 'pad-averagepool * until=2999-01-01 looked at' >ignore
  opsig scan --rules sound.rules --ignore-file ignore pad.onnx
  expect_status 0
  expect_in "$output" "1 ignored"
  opsig scan --rules sound.rules --fail-on never --write-baseline known.json pad.onnx neg.onnx
  opsig scan --rules sound.rules --baseline known.json --fail-on low pad.onnx neg.onnx
  expect_status 0
  expect_in "$output" "2 known"
}

@test "workers and standard input change nothing" {
  opsig scan --format json --db all.db -j 1 --fail-on never pad.onnx relu.onnx neg.onnx clean.onnx
  local one=$output
  opsig scan --format json --db all.db -j 3 --fail-on never pad.onnx relu.onnx neg.onnx clean.onnx
  [[ $output == "$one" ]] || fail "-j3 differs"
  output=$("$OPSIG" scan --rules sound.rules --fail-on never - <pad.onnx)
  expect_in "$output" "pad-averagepool"
}

@test "slice takes a rule's id, from files and databases" {
  opsig slice pad.onnx --signature pad-averagepool --rules sound.rules -o cut.onnx
  expect_status 0
  expect_in "$stderr" "cut.onnx: 2 nodes"
  opsig slice neg.onnx --signature neg-neg --db rules.db --match 2 -o cut.onnx
  expect_status 0
  opsig inspect --format json cut.onnx
  expect_json 'd["nodes"]' 2
  opsig slice clean.onnx --signature neg-neg --db rules.db -o no.onnx
  expect_status 3
  opsig slice neg.onnx --signature neg --db rules.db -o no.onnx
  expect_usage_error "no rule has it"
  opsig slice neg.onnx --signature neg-neg --db rules.db --match 3 -o no.onnx
  expect_usage_error "has 2 matches"
}

@test "the default database is used where nothing else is named" {
  export OPSIG_DEFAULT_DB=rules.db
  opsig scan pad.onnx
  expect_status 1
  expect_in "$output" "next: opsig db show rules.db pad-averagepool"
  opsig scan --db "$BATS_FILE_TMPDIR/all.db" --format json neg.onnx
  expect_json 'len(d["databases"])' 1
  opsig scan --rules possible.rules pad.onnx
  expect_in "$output" "1 finding"
  opsig scan --no-default pad.onnx
  expect_usage_error "nothing to look for"
  opsig scan --no-default --rules sound.rules clean.onnx
  expect_status 0
  OPSIG_DEFAULT_DB=nowhere.db opsig scan pad.onnx
  expect_usage_error "nowhere.db"
  opsig slice neg.onnx --signature neg-neg -o cut.onnx
  expect_status 0
}

@test "the default database lies where the program does" {
  opsig scan --format json clean.onnx
  expect_status 0
  expect_json 'd["databases"][0]["path"].endswith("/share/opsig/default.db")' True
  mkdir -p tree/bin tree/share/opsig
  cp "$OPSIG" tree/bin/opsig
  OPSIG=tree/bin/opsig opsig scan pad.onnx
  expect_usage_error "is not there"
  cp rules.db tree/share/opsig/default.db
  OPSIG=tree/bin/opsig opsig scan pad.onnx
  expect_status 1
  expect_in "$output" "tree/share/opsig/default.db pad-averagepool"
}

@test "a rule whose search is broken off is told of, and may be searched on" {
  cat >star.rules <<'END'
rule star
  title "Two readers of one"
match
  hub:Relu -> a:Neg
  hub -> b:Abs -> c:Add
report at a
end
END
  {
    printf 'h = Relu(x)'
    for i in {1..60}; do printf '; n%d = Neg(h); b%d = Abs(h)' "$i" "$i"; done
    printf '; z = Add(x, n2); y = Exp(n1)'
  } >nodes
  model star.onnx "$(<nodes)"
  opsig scan --rules star.rules --max-work 10 star.onnx
  expect_status 0
  expect_in "$output" "1 rule may be here and not found"
  opsig scan --rules star.rules --format json --max-work 10 star.onnx
  expect_json 'd["models"][0]["unsearched"]' "['star']"
  opsig scan --rules star.rules --format json star.onnx
  expect_json '"unsearched" in d["models"][0]' False
}
