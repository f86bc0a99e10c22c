#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# opsig help, and what concerns the program as a whole.

load helper

@test "help lists every command" {
  opsig help
  expect_status 0
  for command in $(commands) help; do
    expect_in "$output" "  $command "
  done
  [[ -z $stderr ]]
}

@test "help CMD and CMD --help are the same" {
  for command in $(commands); do
    opsig help "$command"
    expect_status 0
    local first=$output
    expect_in "$first" "Usage: opsig $command "
    for option in --help -h '-?'; do
      opsig "$command" "$option"
      expect_status 0
      [[ $output == "$first" ]] || fail "opsig $command $option differs"
    done
  done
}

@test "--help and --version stand for commands" {
  opsig --help
  expect_status 0
  expect_in "$output" "Usage: opsig COMMAND"
  opsig --version
  expect_status 0
  expect_in "$output" "opsig "
}

@test "help of help is the list" {
  opsig help help
  expect_status 0
  expect_in "$output" "Usage: opsig COMMAND"
}

@test "no command is a usage error" {
  opsig
  expect_usage_error "a command is missing"
}

@test "an unknown command is a usage error that names a similar one" {
  opsig scna
  expect_usage_error "did you mean 'scan'?"
  opsig freq
  expect_usage_error "did you mean 'frequent'?"
  opsig help inspekt
  expect_usage_error "did you mean 'inspect'?"
  opsig xylophone
  expect_usage_error "'opsig help' lists them"
}

@test "an unknown command is escaped where it is printed" {
  opsig $'\e[2J'
  expect_usage_error '\x1b[2J'
}

@test "an unknown option is one line and status 2" {
  for command in $(commands); do
    opsig "$command" --no-such-option
    expect_usage_error "opsig: $command: "
    expect_in "$stderr" "no-such-option"
  done
}

@test "an option that is misspelt is a usage error that names a similar one" {
  opsig scan --formt json
  expect_usage_error "opsig: scan: unrecognized option '--formt'; did you mean '--format'?"
  opsig mine --min-suport=3 --help
  expect_usage_error "did you mean '--min-support'?"
  opsig scan --max- 3
  expect_usage_error "ambiguous"
  for argument in $'--format\e[2J' $'--\e[2J' $'--no-such\e[2J' $'-\e'; do
    opsig scan "$argument"
    expect_usage_error '\x1b'
  done
}

@test "an option without its value is a usage error" {
  opsig scan --db
  expect_usage_error "requires an argument"
}

@test "help that cannot be written is status 4" {
  [[ -w /dev/full ]] || skip "no /dev/full"
  run -4 bash -c '"$OPSIG" help >/dev/full'
  run -4 bash -c '"$OPSIG" scan --help >/dev/full'
}

@test "a closed standard output is status 4 and harms no other file" {
  run -4 bash -c '"$OPSIG" version >&-'
  run -4 bash -c '"$OPSIG" version >&- 2>&- <&-'
}
