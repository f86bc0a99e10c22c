#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# opsig inspect.

load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  load helper
  model diamond.onnx -n /conv -n /left -n /right -n /add \
    'a = Conv(x, w); b = Relu(a); c = Relu(a); d = Add(b, c)'
  mkdir -p folder/sub empty
  model folder/one.onnx 'a = Neg(x)'
  model folder/sub/two.onnx 'a = Abs(x)'
  cp folder/one.onnx folder/other.txt
  head -c 40 diamond.onnx >truncated.onnx
  echo "no model" >text.onnx
}

setup() {
  cd "$BATS_FILE_TMPDIR"
}

@test "text tells operators, sequences and shape" {
  opsig inspect diamond.onnx
  expect_status 0
  expect_golden inspect.txt
}

@test "JSON has the documented fields" {
  opsig inspect --format json diamond.onnx
  expect_status 0
  expect_golden inspect.json
  expect_json 'd["nodes"], d["edges"], d["main_nodes"], d["ops"]' \
    "(4, 4, 4, ['Conv', 'Relu', 'Relu', 'Add'])"
  expect_json 'd["operators"]' "{'Relu': 2, 'Add': 1, 'Conv': 1}"
}

@test "two tensors between two nodes are one edge and two parallel ones" {
  model twice.onnx 'a, b = Split(x); c = Mul(a, b)'
  opsig inspect --format json twice.onnx
  expect_json 'd["edges"], d["parallel_edges"]' "(1, 2)"
}

@test "DOT and GraphML draw a single model" {
  opsig inspect --format dot diamond.onnx
  expect_status 0
  expect_in "$output" "digraph"
  expect_in "$output" "/left"
  opsig inspect --format graphml diamond.onnx
  expect_status 0
  expect_in "$output" "<graphml"
  opsig inspect --format dot diamond.onnx twice.onnx folder
  expect_usage_error "one model"
}

@test "DOT reads standard input" {
  run -0 bash -c '"$OPSIG" inspect --format dot - <diamond.onnx'
  expect_in "$output" "/right"
}

@test "a picture of an unreadable model writes nothing" {
  opsig inspect --format dot -o out.dot truncated.onnx
  expect_status 3
  expect_one_error
  [[ ! -e out.dot ]]
}

@test "a missing file is status 2" {
  opsig inspect nowhere.onnx
  expect_usage_error "opsig: nowhere.onnx: "
  opsig inspect nowhere.onnx diamond.onnx gone.onnx
  expect_status 2
  [[ ${#stderr_lines[@]} -eq 2 ]] || fail "expected both to be named"
}

@test "an unreadable file is status 3 and one error line, in every format" {
  for format in text json dot graphml; do
    opsig inspect --format "$format" truncated.onnx
    expect_status 3
    expect_one_error
    expect_in "$stderr" "opsig: truncated.onnx: "
    expect_in "$stderr" "(at byte "
  done
  opsig inspect --format json truncated.onnx
  expect_json 'd["status"], sorted(d["error"])' "('error', ['kind', 'message', 'offset'])"
}

@test "several models are a list, with the unreadable ones in their place" {
  opsig inspect --format json diamond.onnx text.onnx folder
  expect_status 3
  expect_one_error
  expect_json '[m["path"] for m in d["models"]]' \
    "['diamond.onnx', 'text.onnx', 'folder/one.onnx', 'folder/sub/two.onnx']"
  expect_json '[m["status"] for m in d["models"]]' "['ok', 'error', 'ok', 'ok']"
}

@test "a folder is a list even where it holds one model" {
  opsig inspect --format json folder/sub
  expect_status 0
  expect_json 'len(d["models"])' 1
}

@test "a folder without models is said and is no error" {
  opsig inspect --format json empty
  expect_status 0
  expect_one_error
  expect_in "$stderr" "no model"
  expect_json 'd' "{'models': []}"
  opsig inspect --quiet empty
  expect_status 0
  [[ -z $stderr ]]
}

@test "include and exclude choose among the files of a folder" {
  opsig inspect --format json --exclude 'two*' folder
  expect_json '[m["path"] for m in d["models"]]' "['folder/one.onnx']"
  opsig inspect --format json --include 'folder/sub/*' folder
  expect_json '[m["path"] for m in d["models"]]' "['folder/sub/two.onnx']"
}

@test "standard input is a model like any other" {
  run -0 --separate-stderr bash -c '"$OPSIG" inspect --format json - <diamond.onnx'
  expect_json 'd["path"], d["nodes"]' "('-', 4)"
  run -0 --separate-stderr bash -c 'cat diamond.onnx | "$OPSIG" inspect --format json -'
  expect_json 'd["nodes"]' 4
}

@test "--hash gives the digest that sha256sum gives" {
  opsig inspect --format json --hash diamond.onnx
  expect_json 'd["sha256"]' "$(sha256sum diamond.onnx | cut -d' ' -f1)"
}

@test "limits are errors that name the option" {
  opsig inspect --max-nodes 3 diamond.onnx
  expect_status 3
  expect_in "$stderr" "--max-nodes"
  opsig inspect --max-file-size 16 diamond.onnx
  expect_status 3
  expect_in "$stderr" "--max-file-size"
  opsig inspect --max-file-size 1K --max-nodes 4 diamond.onnx
  expect_status 0
}

@test "a name that begins with a dash works behind --" {
  cp diamond.onnx ./-o.onnx
  opsig inspect --format json -- -o.onnx
  expect_status 0
  expect_json 'd["path"]' "-o.onnx"
}

@test "nothing to inspect is a usage error" {
  opsig inspect
  expect_usage_error "nothing to inspect"
}
