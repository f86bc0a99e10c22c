#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds opsig and runs all of its tests; see --help.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  cat <<'EOF'
usage: scripts/test.sh [--preset NAME]... [--asan] [--no-install] [-- CTEST_OPTION...]

Installs missing Debian packages, builds, and runs every test.
  --preset NAME  build and test this preset of CMakePresets.json: release (the default), debug,
                 asan, tsan; may be given several times, and runs in that order
  --asan         the default, then the preset asan (address and undefined behaviour sanitizers)
  --no-install   leave the system's packages as they are
Ends at the first preset that fails. Status: 0 all tests passed, 1 one failed or did not build,
2 usage error.
EOF
}

presets=()
install=yes
while [[ $# -gt 0 ]]; do
  case $1 in
    --preset)
      [[ $# -ge 2 ]] || { usage >&2; exit 2; }
      presets+=("$2")
      shift
      ;;
    --asan) presets+=(release asan) ;;
    --no-install) install=no ;;
    -h | --help) usage; exit 0 ;;
    --) shift; break ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done
[[ ${#presets[@]} -gt 0 ]] || presets=(release)

[[ $install == no ]] || scripts/install-deps.sh
jobs=$(nproc)
for preset in "${presets[@]}"; do
  echo "test: $preset"
  cmake --preset "$preset" -DOPSIG_TESTS=ON || exit 1
  cmake --build --preset "$preset" --parallel "$jobs" || exit 1
  ctest --preset "$preset" --no-tests=error --parallel "$jobs" --timeout 900 "$@" </dev/null ||
    exit 1
done
