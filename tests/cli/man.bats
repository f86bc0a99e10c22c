#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The manual page names the options that the program has, command by command.

load helper

man=$BATS_TEST_DIRNAME/../../docs/man/opsig.1

# Long options in a text, one a line, sorted; help and usage are everywhere.
long_options() {
  grep -oE -- '--[a-z][a-z-]+' | grep -vxE -- '--(help|usage)' | sort -u
}

# The page as text, \- as -.
page() {
  sed 's/\\-/-/g' "$man"
}

@test "each command's section names exactly the options of its help" {
  for command in $(commands); do
    opsig help "$command"
    local help section
    # The options' names, without what the descriptions mention.
    help=$(sed -nE 's/^ {2}(-[a-z?], | {4})(--[a-z-]+).*/\2/p' <<<"$output" | long_options)
    section=$(page | awk -v name=".SS $command" '
      $0 == name { inside = 1; next } /^\.S[SH]/ { inside = 0 } inside' |
      grep -E '^\.(BR?|BI|TP|TQ)|^\.BI? ' | long_options)
    if [[ $command == scan || $command == mine ]]; then
      [[ -n $section ]]
    fi
    diff <(echo "$help") <(echo "$section") >&2 || fail "$command differs"
  done
}

@test "shared options are described once" {
  local shared_options
  shared_options=$(page | awk '/^\.SH/ { inside = $0 == ".SH SHARED OPTIONS" } inside' |
    grep -A1 '^\.TP' | long_options)
  for command in $(commands); do
    page | awk -v name=".SS $command" '
      $0 == name { inside = 1; next } /^\.S[SH]/ { inside = shared = 0 }
      inside && /^Shared options:/ { shared = 1 } inside && shared' | long_options
  done | sort -u >"$BATS_TEST_TMPDIR/used"
  diff "$BATS_TEST_TMPDIR/used" <(echo "$shared_options") >&2
}

@test "every command has a section and every exit status a paragraph" {
  opsig help
  local command
  while read -r command _; do
    grep -qx ".SS $command" "$man" || fail "no section $command"
  done < <(grep -E '^  [a-z]+ ' <<<"$output")
  for exit_status in 0 1 2 3 4 130; do
    grep -qx ".B $exit_status" "$man" || fail "no exit status $exit_status"
  done
}

@test "the page is well-formed" {
  command -v groff >/dev/null || skip "groff is missing"
  [[ -z $(groff -man -Tutf8 -ww "$man" 2>&1 >/dev/null) ]]
}
