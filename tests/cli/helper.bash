# SPDX-License-Identifier: GPL-2.0-or-later
# Shared by the end-to-end tests. Each file of them works in a folder of its own, $BATS_FILE_TMPDIR,
# where setup_file may put models and databases for all of its tests; a test's own files go to
# $BATS_TEST_TMPDIR.
bats_require_minimum_version 1.5.0

: "${OPSIG:?the path of the program}"
: "${OPSIG_MAKE_MODEL:?the path of make_model}"
unset NO_COLOR
export LC_ALL=C
export HOME=/nonexistent # whose .opsig.conf is not ours

here=$BATS_TEST_DIRNAME
# shellcheck disable=SC2034 # tests read it
shared=${OPSIG_SHARED:-$here/../../../shared}

# shellcheck disable=SC2034 # tests read them
# opsig ARGUMENT...: runs the program; $status, $output and $stderr are what it gave, $lines and
# $stderr_lines their lines. As bats' run --separate-stderr, with fewer processes.
opsig() {
  status=0
  output=$("$OPSIG" "$@" 2>"$BATS_TEST_TMPDIR/stderr") || status=$?
  stderr=$(<"$BATS_TEST_TMPDIR/stderr")
  lines=() stderr_lines=()
  [[ -z $output ]] || mapfile -t lines <<<"$output"
  [[ -z $stderr ]] || mapfile -t stderr_lines <<<"$stderr"
}

# The program's commands but help, a file of its source each.
commands() {
  local file
  for file in "$here"/../../src/cli/cmd_*.c; do
    file=${file##*/cmd_}
    [[ $file == help.c ]] || echo "${file%.c}"
  done
}

fail() {
  printf '%s\n' "$@" "status: $status" "output: ${output:0:2000}" "stderr: ${stderr:0:1000}" >&2
  return 1
}

expect_status() { # NUMBER
  [[ $status -eq $1 ]] || fail "expected status $1"
}

expect_in() { # TEXT PART
  [[ $1 == *"$2"* ]] || fail "not found: $2"
}

expect_not_in() { # TEXT PART
  [[ $1 != *"$2"* ]] || fail "should not be there: $2"
}

# One line on standard error, in the form of all errors.
expect_one_error() {
  [[ ${#stderr_lines[@]} -eq 1 && $stderr == "opsig: "* ]] || fail "expected one error line"
}

# A usage error: status 2, nothing on standard output, one line that holds the text.
expect_usage_error() { # TEXT
  expect_status 2
  expect_one_error
  expect_in "$stderr" "$1"
  [[ -z $output ]] || fail "expected no output"
}

# Standard output, or a file, equals tests/cli/expected/NAME. OPSIG_UPDATE=1 rewrites NAME.
expect_golden() { # NAME [FILE]
  local expected=$here/expected/$1 actual=${2:-}
  if [[ -z $actual ]]; then
    actual=$BATS_TEST_TMPDIR/actual
    printf '%s\n' "$output" >"$actual"
  fi
  if [[ -n ${OPSIG_UPDATE:-} ]]; then
    cp "$actual" "$expected"
  fi
  diff -u "$expected" "$actual" >&2 || fail "differs from $expected"
}

# The value of a Python expression over standard output, read as JSON into d.
json() { # EXPRESSION
  printf '%s' "$output" | python3 -c 'import json, sys
d = json.load(sys.stdin)
print(eval("(" + sys.argv[1] + ")"))' "$1"
}

expect_json() { # EXPRESSION VALUE
  local value
  command -v python3 >/dev/null || skip "python3 is missing"
  value=$(json "$1") || fail "cannot evaluate $1"
  [[ $value == "$2" ]] || fail "$1 is $value, expected $2"
}

model() { # FILE [-n NAME]... NODES
  local file=$1
  shift
  "$OPSIG_MAKE_MODEL" "$@" >"$file"
}

# A corpus in which Pad -> AveragePool goes with inconsistency: twelve inconsistent models hold it,
# thirty consistent ones hold both operators apart. bad/, good/ and manifest.csv with the oracles
# ort (labels, differences, culprits) and other (all consistent but one).
make_corpus() { # DIR
  local dir=$1 i rest
  local tails=('y = Relu(b)' 'y = Neg(b)' 'y = Add(b, x)' 'c = Abs(b); y = Exp(c)')
  mkdir -p "$dir/bad" "$dir/good"
  echo "path,group,ort_status,ort_max_abs,ort_max_rel,ort_culprit,other_status" \
    >"$dir/manifest.csv"
  for i in {10..21}; do
    rest=${tails[i % 4]}
    model "$dir/bad/m$i.onnx" -n "/bad$i/Pad" -n "/bad$i/Pool" "a = Pad(x); b = AveragePool(a); $rest"
    echo "bad/m$i.onnx,g$((i % 2)),inconsistent,0.5,0.25,AveragePool,consistent" \
      >>"$dir/manifest.csv"
  done
  for i in {10..39}; do
    rest=${tails[i % 4]}
    model "$dir/good/m$i.onnx" -n "/good$i/Pad" "a = Pad(x); p = AveragePool(x); b = Mul(a, p); $rest"
    echo "good/m$i.onnx,g$((i % 2)),consistent,1e-9,1e-9,,consistent" >>"$dir/manifest.csv"
  done
}

# The database that the corpus gives.
make_database() { # CORPUS FILE
  "$OPSIG" mine "$1/manifest.csv" --oracle ort -o "$2" >/dev/null
}
