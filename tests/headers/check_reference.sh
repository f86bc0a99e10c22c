#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Doxygen makes the reference of the public headers without a warning, and every function that the
# library exports is in it.
#
# usage: check_reference.sh SOURCE_DIR DOXYGEN WORK_DIR VERSION GENERATED_HEADER
# exit status 77 (skipped): doxygen is missing
set -euo pipefail
export LC_ALL=C

source_dir=$1 doxygen=$2 work_dir=$3
if [[ ! -x $doxygen ]]; then
  echo "check_reference: skipped: doxygen is missing"
  exit 77
fi
rm -rf "$work_dir"
mkdir -p "$work_dir"
cd "$source_dir"
export OPSIG_DOCS_DIR=$work_dir OPSIG_VERSION=$4 OPSIG_GENERATED=$5
if ! "$doxygen" docs/Doxyfile >"$work_dir/log" 2>&1 || [[ -s $work_dir/log ]]; then
  head -n 40 "$work_dir/log"
  echo "check_reference: doxygen complains"
  exit 1
fi
missing=$(comm -23 docs/abi.txt \
  <(grep -o '<name>opsig_[a-z0-9_]*</name>' "$work_dir/opsig.tag" | sed 's/<[^>]*>//g' | sort -u))
if [[ -n $missing ]]; then
  echo "check_reference: not in the reference: $missing"
  exit 1
fi
grep -q '<div class="title">' "$work_dir/html/index.html"
