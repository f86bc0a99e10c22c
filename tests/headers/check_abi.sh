#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The shared library exports exactly what docs/abi.txt lists, and all that public headers
# declare.
#
# usage: check_abi.sh SOURCE_DIR LIBRARY [--write]
#   --write  makes docs/abi.txt anew from the library
set -euo pipefail
export LC_ALL=C

list=$1/docs/abi.txt
exported=$(nm -D --defined-only "$2" | awk '{ print $3 }' | sort)
if [[ ${3:-} == --write ]]; then
  echo "$exported" >"$list"
  echo "check_abi: wrote $(wc -l <"$list") functions"
  exit 0
fi

status=0
if ! difference=$(diff "$list" <(echo "$exported")); then
  echo "check_abi: docs/abi.txt (<) and the library (>) differ:"
  echo "$difference"
  echo "A function that is gone or changed breaks programs; a new one is a promise. If it is"
  echo "meant, run: tests/headers/check_abi.sh . $2 --write"
  status=1
fi
declared=$(cat "$1"/include/opsig/*.h "$1"/include/opsig/version.h.in |
  tr '\n' ' ' | grep -oE 'OPSIG_API [^;(]*\(' | grep -oE 'opsig_[a-z0-9_]+\($' | tr -d '(' | sort)
if missing=$(comm -23 <(echo "$declared") <(echo "$exported")) && [[ -n $missing ]]; then
  echo "check_abi: declared but not exported: ${missing//$'\n'/ }"
  status=1
fi
if extra=$(comm -13 <(echo "$declared") <(echo "$exported")) && [[ -n $extra ]]; then
  echo "check_abi: exported but not declared: ${extra//$'\n'/ }"
  status=1
fi
exit $status
