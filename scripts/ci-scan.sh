#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A scan in CI: the report for people in the log, those for programs in files, and a summary in
# Markdown where the service shows one. What to do stands in the environment, so that no
# service has to quote it; lists have an item a line, empty variables count as absent.
#
# usage: ci-scan.sh
#   OPSIG                the program (default: opsig)
#   SCAN_PATHS           models and folders (default: .)
#   SCAN_DATABASES, SCAN_RULES, SCAN_TARGETS, SCAN_FAIL_ON, SCAN_MIN_SEVERITY, SCAN_BASELINE,
#   SCAN_IGNORE_FILE     as the options --db, --rules, --target ... of opsig scan
#   SCAN_OPTIONS         more of its options, one a line
#   SCAN_OUTPUT          files, one a line, whose names tell their formats (default: opsig.sarif)
#   GITHUB_OUTPUT        gets status=..., and sarif=..., the first of the files in SARIF
#   GITHUB_STEP_SUMMARY  gets the Markdown
# exit status: that of opsig scan
set -euo pipefail

opsig=${OPSIG:-opsig}
options=()

list() { # OPTION TEXT: the option once for each line of the text
  local line
  while IFS= read -r line; do
    [[ -z $line ]] || options+=("$1$line")
  done <<<"$2"
}
list --db= "${SCAN_DATABASES:-}"
list --rules= "${SCAN_RULES:-}"
list --target= "${SCAN_TARGETS:-}"
list --fail-on= "${SCAN_FAIL_ON:-}"
list --min-severity= "${SCAN_MIN_SEVERITY:-}"
list --baseline= "${SCAN_BASELINE:-}"
list --ignore-file= "${SCAN_IGNORE_FILE:-}"
list '' "${SCAN_OPTIONS:-}"
options+=(--)
list '' "${SCAN_PATHS:-.}"

# The same scan as another report. It says nothing that the first one has not said, unless it ends
# otherwise.
again() { # OPTION...
  local ended=0 said
  said=$("$opsig" scan -q "$@" "${options[@]}" 2>&1) || ended=$?
  if [[ $ended -ne $status ]]; then
    printf '%s\n' "$said" >&2
    status=$((ended > status ? ended : status))
  fi
}

tell() { # TEXT: an output of the step
  [[ -z ${GITHUB_OUTPUT:-} ]] || printf '%s\n' "$1" >>"$GITHUB_OUTPUT"
}

status=0
"$opsig" scan --format text "${options[@]}" || status=$?
if [[ $status -le 1 || $status -eq 3 ]]; then # else there is nothing to report
  sarif=
  while IFS= read -r file; do
    [[ -n $file ]] || continue
    again --only-new -o "$file" # what does not count is told in the log
    [[ $file != *.sarif || -n $sarif || ! -f $file ]] || sarif=$file
  done <<<"${SCAN_OUTPUT:-opsig.sarif}"
  if [[ -n $sarif ]]; then
    tell "sarif=$sarif"
  fi
  if [[ -n ${GITHUB_STEP_SUMMARY:-} ]]; then
    summary=$(mktemp --suffix=.md)
    again -o "$summary"
    cat "$summary" >>"$GITHUB_STEP_SUMMARY"
    rm -f "$summary"
  fi
fi
tell "status=$status"
exit "$status"
