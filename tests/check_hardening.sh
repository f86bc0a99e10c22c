#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The program and the library are linked, and their objects compiled, so that a mistake in memory is
# hard to make use of.
#
# usage: check_hardening.sh CONFIGURATION PROGRAM SHARED_LIBRARY ARCHIVE
# exit status 77 (skipped): readelf is missing
set -euo pipefail
export LC_ALL=C

if ! command -v readelf >/dev/null; then
  echo "check_hardening: skipped: readelf is missing"
  exit 77
fi
configuration=$1 program=$2 library=$3 archive=$4
status=0

expect() { # WHAT FILE PATTERN READELF_OPTION...: some line matches
  readelf "${@:4}" "$2" 2>/dev/null | grep -cE -- "$3" >/dev/null && return
  echo "check_hardening: $(basename "$2"): $1"
  status=1
}

expect "not position-independent" "$program" 'Type: +DYN' --file-header
for file in "$program" "$library"; do
  expect "relocations can be written to" "$file" GNU_RELRO --program-headers --wide
  expect "functions are bound late" "$file" 'Flags:.* NOW' --dynamic
  expect "the stack can be executed" "$file" 'GNU_STACK.* RW +0x' --program-headers --wide
  expect "no stack protector" "$file" '__stack_chk_fail' --dyn-syms --wide
  if [[ $configuration == Release ]]; then
    expect "no checked functions of glibc" "$file" '__[a-z]+_chk' --dyn-syms --wide
  fi
  if readelf --dynamic "$file" | grep -q TEXTREL; then
    echo "check_hardening: $(basename "$file"): text is relocated"
    status=1
  fi
done

# The linker marks a program only where all that it takes is marked, which glibc's start files in
# Debian are not: the objects are looked at.
if readelf --file-header "$program" | grep -q 'Machine:.*X86-64'; then
  objects=$(ar t "$archive" | wc -l)
  marked=$(readelf --notes --wide "$archive" 2>/dev/null | grep -c 'IBT, SHSTK' || true)
  if [[ $marked -ne $objects ]]; then
    echo "check_hardening: $marked of $objects objects mark where branches may go (CET)"
    status=1
  fi
fi
exit $status
