#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# opsig mine: from a labelled corpus to a database that finds the planted pattern.

load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  load helper
  make_corpus corpus
  make_database corpus ort.db
}

setup() {
  cd "$BATS_FILE_TMPDIR"
}

@test "the planted pattern is found and finds the models that hold it" {
  opsig db list ort.db
  expect_status 0
  [[ ${lines[0]} == *" Pad -> AveragePool" ]] || fail "first: ${lines[0]}"
  opsig scan --db ort.db --fail-on low --format json corpus/bad
  expect_status 1
  expect_json 'all(m["findings"] for m in d["models"])' True
  opsig scan --db ort.db --fail-on low corpus/good
  expect_status 0
}

@test "the summary tells models, signatures and the next step" {
  opsig mine corpus/manifest.csv --oracle ort -o out.db
  expect_status 0
  expect_in "$output" "42 models: 12 inconsistent, 30 consistent under the oracle ort"
  expect_in "$output" "Pad -> AveragePool"
  expect_in "$output" "roc_auc"
  expect_in "$output" "in_first_finding         12"
  expect_in "$output" "opsig scan --db out.db"
  [[ -z $stderr ]]
}

@test "the summary as JSON" {
  opsig mine corpus/manifest.csv --oracle ort -o out.db --format json
  expect_status 0
  expect_json 'd["database"], d["oracle"]' "('out.db', 'ort')"
  expect_json 'd["models"]' \
    "{'inconsistent': 12, 'consistent': 30, 'left_out': 0, 'duplicates': 0, 'errors': 0}"
  expect_json 'd["strongest"][0]["pattern"]' "Pad -> AveragePool"
  expect_json 'd["signatures"]["total"] >= 1' True
  expect_json 'd["culprit"]["known"], d["culprit"]["in_first_finding"]' "(12, 12)"
  expect_json 'd["options"]["seed"]' 1
}

@test "two folders are a corpus too" {
  opsig mine --inconsistent corpus/bad --consistent corpus/good -o out.db
  expect_status 0
  opsig db list out.db
  expect_in "$output" "Pad -> AveragePool"
}

@test "the same corpus, options and seed give the same bytes with any number of workers" {
  for jobs in 1 2 8; do
    opsig mine corpus/manifest.csv --oracle ort -j "$jobs" -o "j$jobs.db"
    expect_status 0
    cmp ort.db "j$jobs.db"
  done
}

@test "options of the search are kept in the database" {
  opsig mine corpus/manifest.csv --oracle ort -o out.db --alphabet op --max-length 3 \
    --min-support 4 --alpha 0.01 --correction bonferroni --folds 3 --seed 7 --strata none
  expect_status 0
  opsig db info out.db
  for pair in alphabet/op max_length/3 min_support/4 correction/bonferroni folds/3 seed/7; do
    [[ $output =~ option\.${pair%/*}\ +${pair#*/}$'\n' ]] || fail "not kept: $pair"
  done
}

@test "--min-support can be a share" {
  opsig mine corpus/manifest.csv --oracle ort -o out.db --min-support 10%
  expect_status 0
  opsig db info out.db
  [[ $output =~ option\.min_support\ +5$'\n' ]] || fail "10 % of 42 is 5 models"
}

@test "--tolerance lets the differences decide" {
  opsig mine corpus/manifest.csv --oracle ort -o out.db --tolerance 0.1,0.1 --format json
  expect_status 0
  expect_json 'd["models"]["inconsistent"]' 12
  opsig mine corpus/manifest.csv --oracle ort -o none.db --tolerance 0.1,0.3
  [[ $status -ne 0 && ! -e none.db ]]
}

@test "no signature: nothing is written, it is said, status 3" {
  sed 's/inconsistent/consistent/; 2,6s/consistent,0.5/inconsistent,0.5/' corpus/manifest.csv \
    >corpus/random.csv
  awk -F, -v OFS=, 'NR > 1 { $3 = NR % 2 ? "consistent" : "inconsistent" } 1' \
    corpus/manifest.csv >corpus/random.csv
  rm -f none.db
  opsig mine corpus/random.csv --oracle ort -o none.db
  expect_status 3
  expect_one_error
  expect_in "$stderr" "opsig: none.db: not written"
  [[ ! -e none.db ]]
  echo precious >none.db
  opsig mine corpus/random.csv --oracle ort -o none.db --format json
  expect_status 3
  expect_json 'd["database"], d["signatures"]["total"]' "(None, 0)"
  [[ $(cat none.db) == precious ]]
}

@test "an unreadable model is status 3, named, and the rest is mined" {
  cp corpus/manifest.csv corpus/broken.csv
  head -c 30 corpus/bad/m10.onnx >corpus/bad/cut.onnx
  echo "bad/cut.onnx,g0,inconsistent,,,,consistent" >>corpus/broken.csv
  echo "bad/gone.onnx,g0,inconsistent,,,,consistent" >>corpus/broken.csv
  opsig mine corpus/broken.csv --oracle ort -o out.db --format json
  rm corpus/bad/cut.onnx
  expect_status 3
  [[ ${#stderr_lines[@]} -eq 2 ]] || fail "expected two error lines"
  expect_in "${stderr_lines[0]}" "cut.onnx: "
  expect_in "${stderr_lines[1]}" "gone.onnx: "
  expect_json 'd["models"]["errors"], len(d["errors"])' "(2, 2)"
  expect_json 'd["models"]["inconsistent"]' 12
  [[ -s out.db ]]
}

@test "a missing manifest, an unknown oracle, an oracle left out are status 2" {
  opsig mine nowhere.csv -o out.db
  expect_usage_error "opsig: nowhere.csv: "
  opsig mine corpus/manifest.csv --oracle nosuch -o out.db
  expect_usage_error "nosuch"
  opsig mine corpus/manifest.csv -o out.db
  expect_usage_error "oracle"
}

@test "a manifest that is none is status 3 with line and column" {
  printf 'path,ort_status\nx.onnx,perhaps\n' >bad.csv
  opsig mine bad.csv -o out.db
  expect_status 3
  expect_one_error
  expect_in "$stderr" "opsig: bad.csv: "
  expect_in "$stderr" "line 2"
}

@test "usage errors" {
  opsig mine
  expect_usage_error "nothing to mine"
  opsig mine corpus/manifest.csv
  expect_usage_error "-o"
  opsig mine corpus/manifest.csv -o -
  expect_usage_error "-o"
  opsig mine corpus/manifest.csv other.csv -o out.db
  expect_usage_error "one manifest"
  opsig mine corpus/manifest.csv --inconsistent corpus/bad -o out.db
  expect_usage_error "either"
  opsig mine --inconsistent corpus/bad -o out.db
  expect_usage_error "nothing to mine"
  opsig mine --inconsistent nowhere --consistent corpus/good -o out.db
  expect_status 2
}

@test "each kind of pattern can be mined, and the database says which" {
  for kind in sequence subgraph both; do
    opsig mine corpus/manifest.csv --oracle ort -o "$kind.db" --kind "$kind" --max-edges 4 -j 2
    expect_status 0
    opsig db info "$kind.db"
    expect_in "$output" "option.kind"
    [[ $output =~ option\.kind\ +$kind$'\n' ]] || fail "not kept: $kind"
    [[ $output =~ option\.max_edges\ +4$'\n' ]] || fail "not kept: max_edges"
    opsig db list "$kind.db"
    expect_in "$output" "Pad -> AveragePool"
  done
  opsig mine corpus/manifest.csv --oracle ort -o out.db --kind tree
  expect_usage_error "--kind"
}

@test "a search for subgraphs that grows too large names the option that bounds it" {
  opsig mine corpus/manifest.csv --oracle ort -o out.db --kind subgraph --max-patterns 1
  expect_status 4
  expect_in "$stderr" "--max-patterns"
  opsig mine corpus/manifest.csv --oracle ort -o out.db --kind subgraph --max-memory 4
  expect_status 4
  expect_in "$stderr" "--max-memory"
}

@test "bad values are usage errors" {
  local args
  while read -r args; do
    # shellcheck disable=SC2086
    opsig mine corpus/manifest.csv --oracle ort -o out.db $args
    expect_status 2
    expect_one_error
  done <<'EOT'
--alpha 2
--alpha 0
--alpha 0,05
--folds 1
--seed -1
--seed 18446744073709551616
--max-length 0
--max-length 65
--min-support 0
--min-support 0%
--min-support 101%
--min-support x%
--tolerance x
--tolerance 1,
--tolerance 1,2,3
--strata all
--alphabet letters
--max-patterns 0
EOT
}

@test "a search past --max-patterns is given up with status 4 and writes nothing" {
  rm -f out.db
  opsig mine corpus/manifest.csv --oracle ort -o out.db --max-patterns 3
  expect_status 4
  expect_one_error
  [[ ! -e out.db ]]
}
