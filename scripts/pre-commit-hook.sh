#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The hook `opsig` of .pre-commit-hooks.yaml: builds opsig where it lies, the first time, and scans.
#
# usage: scripts/pre-commit-hook.sh [OPTION of opsig scan]... MODEL...
set -euo pipefail

source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build_dir=$source_dir/build/hook
if [[ ! -e $build_dir/complete ]]; then
  echo "opsig: building it, once" >&2
  if ! "$source_dir/scripts/build-program.sh" "$build_dir" >"$source_dir/hook.tmp" 2>&1; then
    tail -n 20 "$source_dir/hook.tmp" >&2
    echo "opsig: cannot be built; it needs these packages:" >&2
    "$source_dir/scripts/install-deps.sh" --build-only --list | paste -sd ' ' >&2
    exit 4
  fi
  touch "$build_dir/complete"
fi
exec "$build_dir/opsig" scan "$@"
