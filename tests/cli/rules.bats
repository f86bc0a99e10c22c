#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# opsig rules: check, list, test, explain.

load helper

setup() {
  cd "$BATS_TEST_DIRNAME/data"
}

@test "check shows the place of each mistake and goes on behind it" {
  opsig rules check wrong.rules
  expect_status 3
  expect_golden rules_check.txt
  [[ -z $stderr ]] || fail "said on standard error, too"
}

@test "check as JSON" {
  opsig rules check --format json wrong.rules sound.rules
  expect_status 3
  expect_json '[(e["line"], e["column"], e["severity"]) for e in d["diagnostics"]]' \
    "[(2, 3, 'error'), (9, 6, 'warning'), (9, 6, 'warning'), (9, 6, 'warning')\
, (15, 5, 'warning'), (15, 17, 'warning')]"
  expect_json '[d[k] for k in ("files", "rules", "errors", "warnings")]' "[2, 3, 1, 5]"
}

@test "check of sound rules is status 0, of folders too" {
  opsig rules check sound.rules
  expect_status 0
  [[ $output == "1 file, 2 rules without errors, 0 errors, 0 warnings" ]] || fail "differs"
  mkdir -p "$BATS_TEST_TMPDIR/pack/sub"
  cp sound.rules "$BATS_TEST_TMPDIR/pack/sub/"
  cp wrong.rules "$BATS_TEST_TMPDIR/pack/not-rules.txt"
  opsig rules check "$BATS_TEST_TMPDIR/pack"
  expect_status 0
  expect_in "$output" "1 file, 2 rules"
}

@test "an id may stand once in all files" {
  cp sound.rules "$BATS_TEST_TMPDIR/again.rules"
  opsig rules check sound.rules "$BATS_TEST_TMPDIR/again.rules"
  expect_status 3
  expect_in "$output" "again.rules:2:6: error: there is a rule called pad-averagepool already"
}

@test "list prints a rule a line" {
  opsig rules list sound.rules
  expect_status 0
  expect_golden rules_list.txt
  opsig rules list --format json sound.rules
  expect_json '[(r["id"], r["affects"], r["line"], len(r["examples"])) for r in d["rules"]]' \
    "[('pad-averagepool', ['onnxruntime 1.19 .. 1.20', 'tvm'], 2, 2), ('neg-neg', [], 28, 2)]"
}

@test "list keeps the rules for a target, a tag, a severity" {
  ids() { # EXPECTED OPTION...
    local expected=$1 ids
    shift
    opsig rules list sound.rules "$@"
    expect_status 0
    ids=$(cut -d ' ' -f 1 <<<"$output" | paste -sd ' ')
    [[ $ids == "$expected" ]] || fail "$*: $ids"
  }
  ids "pad-averagepool neg-neg" --target onnxruntime
  ids "pad-averagepool neg-neg" --target onnxruntime=1.20.1
  ids "neg-neg" --target onnxruntime=1.23
  ids "pad-averagepool neg-neg" --target onnxruntime=1.23 --target tvm
  ids "neg-neg" --target openvino
  ids "pad-averagepool" --tag fusion --tag other
  ids "" --tag other
  ids "pad-averagepool" --min-severity medium
}

@test "list of files with errors lists the other rules and ends with 3" {
  opsig rules list wrong.rules
  expect_status 3
  expect_one_error
  expect_in "$stderr" "opsig: wrong.rules: line 2, column 3: "
  expect_in "$output" "two  "
  [[ ${#lines[@]} -eq 1 ]]
}

@test "test runs the examples" {
  opsig rules test sound.rules
  expect_status 0
  expect_golden rules_test.txt
  opsig rules test --format json sound.rules
  expect_json 'd["rules"], d["failed"], [e["found"] for e in d["examples"]]' \
    "(2, 0, ['match', 'clean', 'match', 'clean'])"
}

@test "an example that fails is status 1, and is told with its place" {
  sed -e 's/y = Neg(a)/y = Abs(a)/' \
    -e 's/y = AveragePool <kernel_shape = \[1,1\]> (x)/y = AveragePool (/' sound.rules \
    >"$BATS_TEST_TMPDIR/bad.rules"
  cd "$BATS_TEST_TMPDIR"
  opsig rules test bad.rules
  expect_status 1
  expect_golden rules_test_failed.txt
  opsig rules test --format json bad.rules
  expect_status 1
  expect_json '[(e["passed"], e["found"], e["error"] is None) for e in d["examples"]]' \
    "[(True, 'match', True), (False, None, False), (False, 'clean', True), (True, 'clean', True)]"
}

@test "test of files with errors tests the other rules; status 3 goes before 1" {
  opsig rules test wrong.rules
  expect_status 3
  expect_in "$output" "none     0/0   two"
  sed '1i rule broken' sound.rules | sed 's/y = Neg(a)/y = Abs(a)/' >"$BATS_TEST_TMPDIR/bad.rules"
  opsig rules test "$BATS_TEST_TMPDIR/bad.rules"
  expect_status 3
  expect_in "$output" "failed   1/2   neg-neg"
}

@test "explain is the evidence page of a rule" {
  opsig rules explain sound.rules pad-averagepool
  expect_status 0
  expect_golden rules_explain.txt
  opsig rules explain --format json sound.rules pad-averagepool
  expect_json 'd["refs"], d["confidence"], d["text"][:21]' \
    "(['https://example.org/pull/1'], 'fixed', 'rule pad-averagepool\\n')"
}

@test "list and explain without a path are about what comes with opsig" {
  "$OPSIG" db import sound.rules -o "$BATS_TEST_TMPDIR/own.db"
  export OPSIG_DEFAULT_DB=$BATS_TEST_TMPDIR/own.db
  opsig rules list --min-severity high
  expect_status 0
  [[ ${#lines[@]} -eq 1 && $output == "pad-averagepool "* ]] || fail "another list"
  opsig rules explain neg-neg
  expect_status 0
  expect_in "$output" "Leave both out."
  opsig rules explain neg-nog
  expect_usage_error "did you mean 'neg-neg'?"
  OPSIG_DEFAULT_DB=nowhere.db opsig rules list
  expect_usage_error "nowhere.db"
  unset OPSIG_DEFAULT_DB
  cp "$OPSIG" "$BATS_TEST_TMPDIR/alone"
  OPSIG=$BATS_TEST_TMPDIR/alone opsig rules list
  expect_usage_error "is not there"
  opsig rules list
  expect_status 0
  [[ ${#lines[@]} -gt 100 ]] || fail "few rules"
}

@test "explain of an unknown id names the nearest" {
  opsig rules explain sound.rules pad-averagepol
  expect_usage_error "there is no rule 'pad-averagepol'; did you mean 'pad-averagepool'?"
  opsig db show "$(dirname "$OPSIG")/share/opsig/default.db" negative-indexes
  expect_usage_error "did you mean '"
  opsig rules explain sound.rules xyz
  expect_usage_error "there is no rule 'xyz'"
}

@test "a file that is missing is status 2, one that cannot be read 3" {
  opsig rules check no.rules
  expect_usage_error "no.rules: no such file"
  opsig rules list sound.rules no.rules
  expect_usage_error "no.rules: no such file"
  head -c 5000000 /dev/zero >"$BATS_TEST_TMPDIR/large.rules"
  opsig rules check "$BATS_TEST_TMPDIR/large.rules" sound.rules
  expect_status 3
  expect_one_error
  expect_in "$stderr" "at most 4 MiB"
  expect_in "$output" "1 file, 2 rules"
}

@test "usage errors" {
  opsig rules
  expect_usage_error "name an action: check, list"
  opsig rules chek sound.rules
  expect_usage_error "there is no action 'chek'"
  opsig rules check
  expect_usage_error "check takes PATH..."
  opsig rules explain
  expect_usage_error "explain takes [PATH...] ID"
  opsig rules list --target = sound.rules
  expect_usage_error "no NAME or NAME=VERSION"
  opsig rules list --target onnxruntime= sound.rules
  expect_usage_error "no NAME or NAME=VERSION"
  opsig rules list --min-severity never sound.rules
  expect_usage_error "none of low, medium, high"
  opsig rules check --tag x sound.rules
  expect_usage_error "are for list"
  opsig rules list sound.rules --tag=t{1..65}
  expect_usage_error "more than 64"
}

@test "a report that cannot be written is status 4" {
  [[ -w /dev/full ]] || skip "no /dev/full"
  for action in check list test; do
    run -4 bash -c '"$OPSIG" rules "$1" sound.rules >/dev/full' bash "$action"
  done
}
