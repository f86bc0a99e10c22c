#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds the program opsig and its database, nothing else, and installs nothing: for CI. What it
# needs: scripts/install-deps.sh --build-only.
#
# usage: scripts/build-program.sh DIR
#   DIR  where to build; the program is DIR/opsig
set -euo pipefail

source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
case ${1:-} in
  '' | -*) sed -n '6,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
cmake -S "$source_dir" -B "$1" -G Ninja -DCMAKE_BUILD_TYPE=Release -DOPSIG_TESTS=OFF
cmake --build "$1" --target opsig opsig_default_db
"$1/opsig" version
