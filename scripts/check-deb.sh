#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds the Debian packages, has lintian look at them, installs them in a fresh Debian, uses
# what was installed, and removes it again. Needs root, debootstrap and the sources of packages that
# this machine has.
#
# usage: scripts/check-deb.sh [DIR]
#   DIR  take the packages that are there instead of building them
# exit status: 0 all is well, 77 this machine cannot do it
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/chroot.bash
source scripts/chroot.bash

case ${1:-} in
  -h | --help) sed -n '7,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
esac
[[ $# -le 1 ]] || { sed -n '7,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }

fail() { echo "check-deb: $*" >&2; exit 1; }

packages=${1:-build/package}
if [[ $# -eq 0 ]]; then
  step "Build"
  rm -f build/package/*.deb
  cmake --workflow --preset package >build/package.log 2>&1 ||
    { tail -n 30 build/package.log >&2; fail "no packages"; }
fi
debs=("$packages"/opsig_*.deb "$packages"/libopsig0_*.deb "$packages"/libopsig-dev_*.deb)
for deb in "${debs[@]}"; do
  [[ -f $deb ]] || fail "no $deb"
done
(cd "$packages" && ls -s --block-size=K ./*.deb)

step "lintian"
if command -v lintian >/dev/null; then
  lintian --allow-root --fail-on error,warning --pedantic "${debs[@]}"
else
  echo "lintian is missing"
fi

step "A fresh Debian"
chroot_make
mkdir "$chroot_dir/tmp/debs" "$chroot_dir/tmp/work"
cp "${debs[@]}" "$chroot_dir/tmp/debs"
cp -r examples/corpus tests/install/consumer/main.c "$chroot_dir/tmp/work"
in_chroot find / -xdev -iname '*opsig*' -not -path '/tmp/*' >"$chroot_dir/tmp/before"

step "Install opsig"
# dpkg-query fills in its own variables.
# shellcheck disable=SC2016
count() { in_chroot dpkg-query -W -f '${db:Status-Status}\n' | grep -cx installed; }
before=$(count)
chroot_install "/tmp/debs/${debs[0]##*/}"
echo "brings $(($(count) - before - 1)) other packages along"
in_chroot opsig version
in_chroot sh -c 'cd /tmp/work && opsig scan --fail-on never corpus/models/wide-001609.onnx' |
  sed -n 1,4p
in_chroot sh -c 'cd /tmp/work &&
  opsig mine corpus/mine.csv --oracle ort_opt -o mined.db && opsig db list mined.db' |
  tee "$chroot_dir/tmp/list" | sed -n 1,6p
grep -qF 'Pad -> AveragePool' "$chroot_dir/tmp/list" ||
  fail "mining does not find Pad -> AveragePool"
for file in man/man1/opsig.1.gz bash-completion/completions/opsig zsh/vendor-completions/_opsig \
  fish/vendor_completions.d/opsig.fish doc/opsig/copyright doc/opsig/changelog.gz; do
  [[ -s $chroot_dir/usr/share/$file ]] || fail "no /usr/share/$file"
done
gzip -dc "$chroot_dir/usr/share/man/man1/opsig.1.gz" | grep -q '^\.SH NAME' ||
  fail "opsig.1.gz is no manual page"
echo "manual page, completions, copyright and changelog are there"

step "Build against libopsig-dev"
chroot_install "/tmp/debs/${debs[1]##*/}" "/tmp/debs/${debs[2]##*/}" gcc libc6-dev pkg-config
# shellcheck disable=SC2016 # for the shell in there
in_chroot sh -c 'cd /tmp/work && gcc main.c -o consumer $(pkg-config --cflags --libs opsig) &&
  ./consumer && ldd consumer | grep -o "libopsig[^ ]*"'

step "Remove"
in_chroot apt-get -q -q -y purge opsig libopsig0 libopsig-dev >/dev/null 2>&1
in_chroot find / -xdev -iname '*opsig*' -not -path '/tmp/*' >"$chroot_dir/tmp/after"
diff "$chroot_dir/tmp/before" "$chroot_dir/tmp/after" || fail "files are left behind"
if in_chroot dpkg-query -W 'opsig*' 'libopsig*' 2>/dev/null; then
  fail "packages are left behind"
fi
echo "nothing is left behind"
step "Done"
