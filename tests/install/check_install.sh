#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs opsig into a prefix of its own, moves that, and builds a small project against it in
# the four ways there are: CMake package and pkg-config, shared and static library.
#
# usage: check_install.sh SOURCE_DIR BUILD_DIR WORK_DIR GENERATOR COMPILER [FLAG...]
#   GENERATOR  of CMake, for building the project
#   FLAG  for compiling and linking the project: the library's sanitizers
set -euo pipefail
export LC_ALL=C

source_dir=$1 build_dir=$2 work_dir=$3 generator=$4 compiler=$5
shift 5
flags=("$@")

rm -rf "$work_dir"
mkdir -p "$work_dir"
cmake --install "$build_dir" --prefix "$work_dir/first" >"$work_dir/install.log"
mv "$work_dir/first" "$work_dir/prefix" # an installed tree names no place
prefix=$work_dir/prefix
library=$(dirname "$(find "$prefix" -name libopsig.so)")

# A place, and not the end of another path: the sources may lie in /opsig.
places=$(printf '%s\n' "$source_dir" "$work_dir/first" | sed 's/[][\.*^$+?(){}|]/\\&/g' |
  sed 's/^/(^|[^[:alnum:]_.-])/')
if leak=$(grep -rlE -e "$places" "$prefix/include" "$library/pkgconfig" "$library/cmake"); then
  echo "check_install: names a place of the build: $leak"
  exit 1
fi
soname=$(objdump -p "$library/libopsig.so" | awk '$1 == "SONAME" { print $2 }')
[[ $soname == libopsig.so.0 ]] || { echo "check_install: SONAME is $soname"; exit 1; }

run() { # NAME PROGRAM
  printf '%s: ' "$1"
  LD_LIBRARY_PATH=$library "$2"
}

cmake -S "$source_dir/tests/install/consumer" -B "$work_dir/cmake" -G "$generator" \
  -DCMAKE_BUILD_TYPE=Debug -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_C_COMPILER="$compiler" \
  -DCMAKE_C_FLAGS="${flags[*]}" >"$work_dir/cmake.log"
cmake --build "$work_dir/cmake" >>"$work_dir/cmake.log" || { cat "$work_dir/cmake.log"; exit 1; }
run "CMake, shared" "$work_dir/cmake/consumer_shared"
run "CMake, static" "$work_dir/cmake/consumer_static"

export PKG_CONFIG_PATH=$library/pkgconfig
main=$source_dir/tests/install/consumer/main.c
read -ra shared < <(pkg-config --cflags --libs opsig)
"$compiler" -std=c11 "${flags[@]}" "$main" -o "$work_dir/pc_shared" "${shared[@]}"
run "pkg-config, shared" "$work_dir/pc_shared"
# As a linker takes libopsig.so before libopsig.a, a static link names the archive.
read -ra static < <(pkg-config --static --cflags --libs opsig)
"$compiler" -std=c11 "${flags[@]}" "$main" -o "$work_dir/pc_static" \
  "${static[@]/#-lopsig/-l:libopsig.a}"
run "pkg-config, static" "$work_dir/pc_static"
if objdump -p "$work_dir/pc_static" | grep -q 'NEEDED.*libopsig'; then
  echo "check_install: the static program needs the shared library"
  exit 1
fi

LD_LIBRARY_PATH='' "$prefix/bin/opsig" version
for file in man/man1/opsig.1 bash-completion/completions/opsig zsh/site-functions/_opsig \
  fish/vendor_completions.d/opsig.fish; do
  [[ -s $prefix/share/$file ]] || { echo "check_install: no $file"; exit 1; }
done
# The program finds its own database where it lies now, not where it was built.
model=$source_dir/examples/corpus/models/wide-001609.onnx
"$prefix/bin/opsig" scan --no-config --fail-on never --format json "$model" -o "$work_dir/scan.json"
grep -qF "\"path\": \"$(realpath "$prefix")/share/opsig/default.db\"" "$work_dir/scan.json" ||
  { echo "check_install: the default database is not used"; exit 1; }
