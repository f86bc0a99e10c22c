#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs the Debian packages that opsig is built and tested with. This is the one place that
# lists them. Does nothing where all are present.
set -euo pipefail

# To build the library and the program.
build_packages=(
  gcc libc6-dev cmake ninja-build pkg-config
  protobuf-c-compiler libprotobuf-c-dev # ONNX messages
  libigraph-dev                         # operator graphs
  libsqlite3-dev                        # signature databases
  libjansson-dev                        # JSON in and out
  libmd-dev                             # SHA-256
  libinih-dev                           # configuration files
  r-mathlib                             # distributions
)

# To run every test. Tests skip with a message where one of these is absent, but for cmocka.
test_packages=(
  libcmocka-dev    # unit tests
  bats             # tests of the program
  g++              # public headers as C++
  pmccabe          # length and complexity of functions
  protobuf-compiler libonnx-dev libonnx-testdata python3-onnx # second opinion on ONNX files
  python3-networkx # second opinion on paper mode
  sqlite3          # second opinion on databases
  groff-base       # the manual page
  zsh fish         # shell completion
  strace           # which files the program opens
  python3-jsonschema # docs/schema against what is printed
  chromium chromium-driver python3-selenium # web pages in a browser
  gcovr            # scripts/coverage.sh
  valgrind         # memory of each command
  binutils         # readelf
  clang-tidy cppcheck shellcheck codespell # scripts/lint.sh
  dpkg-dev file    # Debian packages
  doxygen          # API reference
  python3-yaml     # CITATION.cff, files for CI
  pre-commit       # its hooks
  cmark-gfm        # second opinion on Markdown
  valgrind         # what inputs cost, in instructions
  locales          # results do not depend on the locale
)

usage() {
  cat <<'EOF'
usage: scripts/install-deps.sh [--build-only] [--list]

Installs the Debian packages that opsig needs (Debian 12 or newer), by sudo where not root.
  --build-only  what building needs, without what tests need
  --list        print the packages and install nothing
EOF
}

packages=("${build_packages[@]}" "${test_packages[@]}")
list=no
for argument in "$@"; do
  case $argument in
    --build-only) packages=("${build_packages[@]}") ;;
    --list) list=yes ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
done
if [[ $list == yes ]]; then
  printf '%s\n' "${packages[@]}"
  exit 0
fi

if ! command -v dpkg-query >/dev/null; then
  echo "install-deps: not a Debian system; install what matches these packages:" >&2
  printf '  %s\n' "${packages[@]}" >&2
  exit 1
fi

missing=()
for package in "${packages[@]}"; do
  state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [[ $state == installed ]] || missing+=("$package")
done
if [[ ${#missing[@]} -eq 0 ]]; then
  echo "install-deps: all ${#packages[@]} packages are present"
  exit 0
fi

as_root=()
if [[ $(id -u) -ne 0 ]]; then
  if ! command -v sudo >/dev/null; then
    echo "install-deps: neither root nor sudo; run as root: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi

apt() {
  ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
    -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "$@" </dev/null
}

install_missing() {
  apt install --no-install-recommends "${missing[@]}"
}

echo "install-deps: installing ${missing[*]}"
# Package lists are fetched only where they are absent or turn out to be stale.
if ! apt-get -s install --no-install-recommends "${missing[@]}" >/dev/null 2>&1; then
  apt update
  install_missing
elif ! install_missing; then
  apt update
  install_missing
fi
echo "install-deps: done"
