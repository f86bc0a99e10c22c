#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes the Debian packages of what was built, and looks into them: what they are called, need and
# hold. scripts/check-deb.sh installs them, too.
#
# usage: check_packages.sh BUILD_DIR WORK_DIR
# exit status 77 (skipped): what makes packages is missing
set -euo pipefail
export LC_ALL=C

build_dir=$1 work_dir=$2
for program in cpack dpkg-deb dpkg-shlibdeps file; do
  command -v "$program" >/dev/null ||
    { echo "check_packages: skipped: $program is missing"; exit 77; }
done

rm -rf "$work_dir"
mkdir -p "$work_dir"/{tree,control}
cd "$work_dir"
# The same date in both, so that they can be compared.
for run in first second; do
  SOURCE_DATE_EPOCH=1700000000 cpack --config "$build_dir/CPackConfig.cmake" \
    -B "$work_dir/$run" >"$run.log" 2>&1 || { tail -n 20 "$run.log"; exit 1; }
done

status=0
complain() { echo "check_packages: $*"; status=1; }
field() { dpkg-deb -f "${debs[$1]}" "$2"; } # PACKAGE FIELD

declare -A debs
for deb in first/*.deb; do
  debs[$(dpkg-deb -f "$deb" Package)]=$deb
  cmp -s "$deb" "second/${deb#*/}" || complain "$deb differs when it is made again"
done
names=$(printf '%s\n' "${!debs[@]}" | sort | paste -sd ' ')
[[ $names == "libopsig-dev libopsig0 opsig" ]] || { complain "the packages are: $names"; exit 1; }

version=$(field opsig Version)
for package in "${!debs[@]}"; do
  [[ $(field "$package" Version) == "$version" ]] || complain "versions differ"
  [[ $(field "$package" Description) == *ONNX* ]] || complain "$package is not described"
  dpkg-deb -x "${debs[$package]}" "tree/$package"
  dpkg-deb -e "${debs[$package]}" "control/$package"
  (cd "tree/$package" && md5sum --quiet -c "../../control/$package/md5sums") ||
    complain "$package: md5sums are wrong"
  for file in copyright changelog.gz changelog.Debian.gz; do
    [[ -s tree/$package/usr/share/doc/$package/$file ]] || complain "$package has no $file"
  done
done
[[ $(field libopsig-dev Depends) == *"libopsig0 (= $version)"* ]] ||
  complain "libopsig-dev needs $(field libopsig-dev Depends)"
[[ $(field opsig Depends) == *libc6* && $(field libopsig0 Depends) == *libc6* ]] ||
  complain "no libraries are needed"
grep -qxE "libopsig 0 libopsig0 \(>= ${version%-*}\), libopsig0 \(<< [0-9.]+~\)" \
  control/libopsig0/shlibs || complain "shlibs is wrong"

expect() { # PACKAGE PATTERN...: each is exactly one file or link of the package
  local package=$1 pattern
  shift
  for pattern in "$@"; do
    [[ $(find "tree/$package" -path "tree/$package/$pattern" ! -type d | wc -l) -eq 1 ]] ||
      complain "$package does not have $pattern once"
  done
}
expect opsig usr/bin/opsig usr/share/man/man1/opsig.1.gz usr/share/opsig/default.db \
  usr/share/bash-completion/completions/opsig 'usr/share/zsh/*/_opsig' \
  usr/share/fish/vendor_completions.d/opsig.fish
expect libopsig0 'usr/lib/*libopsig.so.0' 'usr/lib/*libopsig.so.0.*'
expect libopsig-dev 'usr/lib/*libopsig.so' 'usr/lib/*libopsig.a' 'usr/lib/*/opsig.pc' \
  'usr/lib/*/opsigConfig.cmake' 'usr/lib/*/opsigTargets.cmake' usr/include/opsig/opsig.h \
  usr/include/opsig/version.h
[[ $(cd tree && find . ! -type d -printf '%P\n' | cut -d/ -f2- | sort | uniq -d) == '' ]] ||
  complain "two packages hold one file"
! find tree -perm /022 ! -type l | grep . || complain "others may write to that"

"tree/opsig/usr/bin/opsig" version >/dev/null || complain "the program does not run"
[[ $(gzip -dc tree/opsig/usr/share/doc/opsig/changelog.gz) == "# Changelog"* ]] ||
  complain "changelog.gz is not CHANGELOG.md"
exit $status
