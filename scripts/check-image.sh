#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds the image of the Dockerfile and uses it, without a registry: a fresh Debian stands for the
# image that it begins with. Needs root, buildah and what scripts/check-deb.sh needs.
#
# usage: scripts/check-image.sh
# exit status: 0 all is well, 77 this machine cannot do it
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/chroot.bash
source scripts/chroot.bash

no_arguments "$@"
command -v buildah >/dev/null || { echo "check-image: buildah is missing" >&2; exit 77; }

step "A fresh Debian as the image that others are based on"
chroot_make
store=$(mktemp -d)
buildah() {
  command buildah --root "$store/root" --runroot "$store/run" --storage-driver vfs "$@" </dev/null
}
finish() {
  chroot_remove
  buildah rm --all >/dev/null 2>&1 || true
  rm -rf --one-file-system "$store"
}
trap finish EXIT
umount "$chroot_dir/proc"
base=$(sed -n 's/^FROM \([^ ]*\).*/\1/p' Dockerfile | sort -u)
container=$(buildah from scratch)
buildah add -q "$container" "$chroot_dir" / >/dev/null
buildah commit -q "$container" "docker.io/library/$base" >/dev/null

step "Build"
buildah bud --isolation chroot --pull-never --file Dockerfile --tag opsig . >"$store/log" 2>&1 ||
  { tail -n 30 "$store/log" >&2; exit 1; }
buildah images --format '{{.Name}} {{.Size}}'

step "Use"
container=$(buildah from --pull-never opsig)
buildah copy -q "$container" examples/corpus/models /models >/dev/null
entry=$(buildah inspect --type image --format '{{index .OCIv1.Config.Entrypoint 0}}' opsig)
run() { buildah run --isolation chroot "$container" -- "$entry" "$@" 2>/dev/null; }
run version | head -n 1
{ run scan wide-001609.onnx || true; } | head -n 3
status=0
run scan -q wide-001609.onnx >/dev/null || status=$?
[[ $status -eq 1 ]] || { echo "check-image: status $status, expected 1" >&2; exit 1; }
run scan nnsmith-001478.onnx
step "Done"
