#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs one file of end-to-end tests in a temporary folder of its own.
#
# usage: OPSIG=PROGRAM run_bats.sh FILE.bats
# exit status 77 (skipped): bats is missing
set -euo pipefail

if ! command -v bats >/dev/null; then
  echo "run_bats: skipped: bats is missing"
  exit 77
fi
: "${OPSIG:?the path of the program}"
exec bats --tap "$@" </dev/null
