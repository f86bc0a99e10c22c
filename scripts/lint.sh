#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Has static analysis look at the code and the scripts; see --help.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  cat <<'EOF'
usage: scripts/lint.sh [--no-install] [TOOL...]

Looks for mistakes without running anything, and prints what it finds. TOOL is one of
  clang-tidy  src/ as the preset release compiles it, with the checks of .clang-tidy
  cppcheck    the same, but for what .cppcheck-suppressions names
  shellcheck  scripts and tests of the program, but for what .shellcheckrc names
  codespell   spelling in code and documentation
  analyzer    gcc -fanalyzer over src/: to be read, as it takes many a loop for a mistake
Without TOOL: all but analyzer. CONTRIBUTING.md says what is not looked for, and why.
  --no-install  leave the system's packages as they are
Status: 0 nothing found, 1 something found, 2 usage error.
EOF
}

build=build/release
jobs=$(nproc)

need() { # PROGRAM
  command -v "$1" >/dev/null || { echo "lint: $1 is not installed" >&2; return 1; }
}

# Also makes what is generated, so that every #include is found.
configure() {
  cmake --preset release >/dev/null &&
    cmake --build --preset release --parallel "$jobs" --target libopsig >/dev/null
}

run_clang_tidy() {
  need clang-tidy && configure || return
  git ls-files 'src/*.c' | xargs -P "$jobs" -n 4 clang-tidy -quiet -p "$build" 2>/dev/null
}

# cppcheck does not read the headers of the system.
run_cppcheck() {
  need cppcheck && configure || return
  cppcheck --project="$build/compile_commands.json" --file-filter='src/*' --std=c11 --quiet \
    -j "$jobs" --enable=warning,style,performance,portability --template=gcc --error-exitcode=1 \
    -DPROTOBUF_C_VERSION_NUMBER=1004001 -DPROTOBUF_C_MIN_COMPILER_VERSION=1000000 \
    --suppressions-list=.cppcheck-suppressions 2>&1
}

# In the tests of the program, bats sets -e, and helper.bash and bats set variables.
run_shellcheck() {
  need shellcheck || return
  git ls-files '*.sh' '*.bash' | xargs shellcheck --external-sources --format=gcc &&
    shellcheck --format=gcc .ci/run &&
    git ls-files '*.bats' |
    xargs shellcheck --format=gcc --exclude=SC2030,SC2031,SC2154,SC2164
}

# Names and misspelt words that are meant stand behind -L; binary files and tables are left out.
run_codespell() {
  need codespell || return
  git ls-files '*.[ch]' '*.md' '*.sh' '*.py' '*.rules' '*.cmake' '*CMakeLists.txt' 'docs/man/*' |
    xargs codespell -L inout,nin,ssee,lits,chek,nd,foward,vas,titel,gruop
}

run_analyzer() {
  need gcc || return
  local folder=build/analyzer
  cmake -S . -B "$folder" -G Ninja -DCMAKE_C_COMPILER=gcc -DCMAKE_BUILD_TYPE=Release \
    -DOPSIG_TESTS=OFF -DOPSIG_WERROR=OFF -DCMAKE_C_FLAGS=-fanalyzer >/dev/null || return
  cmake --build "$folder" --target clean || return
  cmake --build "$folder" --parallel "$jobs" --target opsig >"$folder/report.txt" 2>&1 || return
  ! grep 'warning:' "$folder/report.txt"
}

tools=()
install=yes
for argument in "$@"; do
  case $argument in
    --no-install) install=no ;;
    clang-tidy | cppcheck | shellcheck | codespell | analyzer) tools+=("$argument") ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
done
[[ ${#tools[@]} -gt 0 ]] || tools=(shellcheck codespell cppcheck clang-tidy)
[[ $install == no ]] || scripts/install-deps.sh

status=0
for tool in "${tools[@]}"; do
  echo "lint: $tool"
  case $tool in
    clang-tidy) run_clang_tidy ;;
    cppcheck) run_cppcheck ;;
    shellcheck) run_shellcheck ;;
    codespell) run_codespell ;;
    analyzer) run_analyzer ;;
  esac || status=1
done
[[ $status -ne 0 ]] || echo "lint: nothing found"
exit $status
