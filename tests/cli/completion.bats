#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# opsig completion: the scripts know what the help says, and complete it.

load helper

setup_file() {
  cd "$BATS_FILE_TMPDIR"
  load helper
  for shell in bash zsh fish; do
    "$OPSIG" completion "$shell" -o "opsig.$shell"
  done
  touch model.onnx
}

setup() {
  cd "$BATS_FILE_TMPDIR"
}

# Long options of a command's help, one a line, sorted.
options_of() { # COMMAND
  "$OPSIG" help "$1" | sed -nE 's/^ {2}(-[a-z?], | {4})(--[a-z-]+).*/\2/p' | sort -u
}

# What bash proposes for the last of the words, one a line, sorted.
bash_completes() { # WORD...
  bash --norc -c 'source opsig.bash
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _opsig
    printf "%s\n" "${COMPREPLY[@]}"' bash opsig "$@" | sort -u
}

expect_completions() { # EXPECTED WORD...
  local expected=$1 actual
  shift
  actual=$(bash_completes "$@" | paste -sd ' ')
  [[ $actual == "$expected" ]] || fail "'$*' completes to '$actual', expected '$expected'"
}

@test "bash completes commands, options, values and files" {
  expect_completions "scan" sc
  expect_completions "--fail-on" scan --fail
  expect_completions "high low medium never" scan --fail-on ''
  expect_completions "high low medium" scan --min-severity ''
  expect_completions "always auto" inspect --color a
  expect_completions "always auto" inspect --color = a
  expect_completions "always auto never" inspect --color =
  expect_completions "model.onnx" scan mo
  expect_completions "model.onnx" scan --db mo
  expect_completions "diff export import info list merge show update" db ''
  expect_completions "model.onnx" db list mo
  expect_completions "check explain list test" rules ''
  expect_completions "bash fish zsh" completion ''
  expect_completions "inspect" help ins
  expect_completions "" scan -j ''
}

@test "bash completes every command with the options of its help" {
  diff <(bash_completes '' | grep -v '^-') <({ commands; echo help; } | sort) >&2
  for command in $(commands); do
    diff <(bash_completes "$command" --) <(options_of "$command") >&2 || fail "$command differs"
  done
}

@test "zsh and fish know the same options" {
  for command in $(commands); do
    diff <(sed -n "/^    $command)/,/^      ;;/s/^ *'\*\(--[a-z-]*\).*/\1/p" opsig.zsh | sort) \
      <(options_of "$command") >&2 || fail "zsh: $command differs"
    diff <(sed -nE "s/.*seen_subcommand_from $command' -l ([a-z-]+).*/--\1/p" opsig.fish | sort) \
      <(options_of "$command") >&2 || fail "fish: $command differs"
  done
}

@test "the scripts are well-formed" {
  bash -n opsig.bash
  if command -v zsh >/dev/null; then
    zsh -n opsig.zsh
  fi
  if command -v fish >/dev/null; then
    fish -n opsig.fish
  fi
}

@test "fish completes commands and options" {
  command -v fish >/dev/null || skip "fish is missing"
  run -0 fish --no-config -c 'source opsig.fish; complete -C "opsig sca"'
  [[ $output == scan$'\t'* ]]
  run -0 fish --no-config -c 'source opsig.fish; complete -C "opsig scan --fail-on m"'
  [[ $output == medium* ]]
  run -0 fish --no-config -c 'source opsig.fish; complete -C "opsig db lis"'
  [[ $output == list* ]]
}

@test "one shell has to be named, and one that is known" {
  opsig completion
  expect_usage_error "name a shell"
  opsig completion tcsh
  expect_usage_error "'tcsh' is none of bash, zsh, fish"
  opsig completion bash zsh
  expect_usage_error "one shell"
}
