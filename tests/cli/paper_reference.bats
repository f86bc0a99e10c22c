#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Paper mode against paper_reference.py, on models of the example corpus that have few paths.

load helper

# Rows for the first models of a manifest that are no torchvision models and have few paths; labels
# only.
few_paths() { # MANIFEST NUMBER
  python3 - "$1" "$here/../paper_reference.py" "$2" <<'EOF'
import csv, importlib.util, os, sys
spec = importlib.util.spec_from_file_location("reference", sys.argv[2])
reference = importlib.util.module_from_spec(spec)
spec.loader.exec_module(reference)
folder = os.path.dirname(os.path.abspath(sys.argv[1]))
print("path,torch_ort_status")
left = int(sys.argv[3])
for row in csv.DictReader(open(sys.argv[1])):
    path = os.path.join(folder, row["path"])
    small = os.path.getsize(path) < 20000 and "torchvision" not in path
    if left > 0 and small and len(reference.read_model(path)[0]) <= 20:
        print(path, row["torch_ort_status"], sep=",")
        left -= 1
EOF
}

@test "all counts and lists are those of an independent implementation" {
  PATH=/usr/bin:$PATH
  python3 -c 'import networkx, onnx' 2>/dev/null || skip "python3-networkx or -onnx is missing"
  cd "$BATS_TEST_TMPDIR"
  few_paths "$here/../../examples/corpus/mine.csv" 61 >models.csv
  few_paths "$here/../../examples/corpus/scan.csv" 10 >tests.csv
  [[ $(wc -l <models.csv) -eq 62 ]]
  python3 "$here/../paper_reference.py" models.csv torch_ort tests.csv >expected.json
  opsig hypothesis --mode paper --tests tests.csv --format json -j 1 models.csv
  expect_status 0
  printf '%s\n' "$output" >one.json
  opsig hypothesis --mode paper --tests tests.csv --format json -j 3 models.csv
  [[ $output == "$(<one.json)" ]] || fail "the result depends on the threads"
  python3 - <<'EOF' >&2
import json
def check(expected, found, where):
    if isinstance(expected, dict):
        for key, value in expected.items():
            check(value, found[key], where + "/" + key)
    else:
        assert expected == found, (where, expected, found)
check(json.load(open("expected.json")), json.load(open("one.json")), "")
EOF
}
