#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Has the GitLab job, the GitHub action and the pre-commit hook build opsig, of the last commit, in
# a fresh Debian and scan there, step by step as their services would. Needs what
# scripts/check-deb.sh needs.
#
# usage: scripts/check-ci.sh
# exit status: 0 all is well, 77 this machine cannot do it
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/chroot.bash
source scripts/chroot.bash

no_arguments "$@"

step "A fresh Debian"
chroot_make
chroot_install git python3 python3-yaml
git clone -q --no-hardlinks . "$chroot_dir/opsig"
git -C "$chroot_dir/opsig" tag checked

step "templates/opsig.yml"
in_chroot python3 -B /opsig/tests/ci/check_gitlab.py --build /opsig checked
step "action.yml"
in_chroot python3 -B /opsig/tests/ci/check_action.py - --build | tail -n 1
step ".pre-commit-hooks.yaml"
chroot_install pre-commit
in_chroot python3 -B /opsig/tests/ci/check_hooks.py /usr/local/bin/opsig --build
step "Done"
