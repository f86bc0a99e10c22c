#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Shows opsig at work: builds it, mines 200 labelled models of examples/corpus, and scans 100
# others with what was found. Everything it writes is in build/demo.
#
# usage: scripts/demo.sh [--no-install]
#   --no-install  leave the system's packages as they are
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

case ${1:-} in
  '') scripts/install-deps.sh --build-only ;;
  --no-install) ;;
  -h | --help) sed -n '3,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
  *) sed -n '3,7s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

step() { printf '\n== %s\n' "$*"; }
run() {
  printf '$ %s\n' "$*"
  "$@"
}

step "Build (build/release)"
cmake --preset release -DOPSIG_TESTS=OFF >/dev/null
cmake --build --preset release --target opsig -- --quiet
opsig=build/release/opsig
out=build/demo
mkdir -p "$out"

step "Mine: which operator sequences go with models whose outputs change under optimisation?"
run "$opsig" mine examples/corpus/mine.csv --oracle ort_opt -o "$out/ort_opt.db"

step "The strongest signatures"
"$opsig" db list "$out/ort_opt.db" >"$out/signatures.txt"
head -n 5 "$out/signatures.txt"
if head -n 5 "$out/signatures.txt" | grep -q -- 'Pad -> AveragePool$'; then
  cat <<'EOF'

Pad -> AveragePool is among them: a defect that ONNX Runtime really had. Its optimiser fused the
two operators although the padding counts in the average (microsoft/onnxruntime#22177).
EOF
else
  echo "Pad -> AveragePool is not among the first five signatures" >&2
  exit 1
fi

step "Scan: 100 models that the mining never saw"
tail -n +2 examples/corpus/scan.csv | cut -d, -f1 | sed 's|^|examples/corpus/|' \
  >"$out/scan.list"
run "$opsig" scan --db "$out/ort_opt.db" --files-from "$out/scan.list" --fail-on never \
  -o "$out/report.txt"
run "$opsig" scan --db "$out/ort_opt.db" --files-from "$out/scan.list" --fail-on never \
  --format json -o "$out/report.json"
run "$opsig" scan --db "$out/ort_opt.db" --files-from "$out/scan.list" --fail-on never \
  --format html -o "$out/report.html"
grep -E '^[0-9]+ models: ' "$out/report.txt"

step "The ten models of highest risk, and what the oracle said of them"
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "ort_opt_status") column = i }
  NR > 1 { print "examples/corpus/" $1, $column }' examples/corpus/scan.csv | sort >"$out/labels"
sed -nE 's/^([^ ]+\.onnx): .*risk ([0-9]+) %$/\1 \2/p' "$out/report.txt" | sort |
  join - "$out/labels" | sort -k2,2nr -k1,1 | sed -n 1,10p |
  while read -r model risk label; do
    printf '%4s %%  %-14s %s\n' "$risk" "$label" "$model"
  done

step "Done"
echo "Signatures: $out/ort_opt.db (list: $out/signatures.txt)"
echo "Report:     $out/report.html in a browser; $out/report.txt; $out/report.json"
echo "Next:       $opsig db show $out/ort_opt.db OPS-..."
