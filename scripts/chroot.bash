# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by the checks that need a fresh Debian: a chroot of this machine's release, with the
# package sources of this machine, in a temporary folder that goes away with the script.

# Answers --help by the usage that the script's first lines tell, and refuses any other argument.
no_arguments() { # ARGUMENT...
  [[ $# -gt 0 ]] || return 0
  local usage
  usage=$(sed -n '/^# usage:/,/^set /s/^# //p' "scripts/${0##*/}")
  case $1 in
    -h | --help) echo "$usage"; exit 0 ;;
    *) echo "$usage" >&2; exit 2 ;;
  esac
}

step() { printf '\n== %s (%s s)\n' "$*" "$SECONDS"; }

# Prints "URI SUITE COMPONENT" for each source of packages of this machine.
apt_sources() {
  # apt fills in its own variables.
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    sort -u
}

chroot_remove() {
  umount "$chroot_dir/proc" 2>/dev/null || true
  rm -rf --one-file-system "${chroot_dir:?}"
}

# Makes $chroot_dir, of Debian's packages alone ("minbase").
chroot_make() {
  local codename mirror
  [[ $(id -u) -eq 0 ]] || { echo "chroot: only root can make one" >&2; return 77; }
  command -v debootstrap >/dev/null || { echo "chroot: debootstrap is missing" >&2; return 77; }
  codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
  mirror=$(apt_sources | awk -v codename="$codename" '$2 == codename { print $1; exit }')
  [[ -n $mirror ]] || { echo "chroot: no source of packages for $codename" >&2; return 77; }
  chroot_dir=$(mktemp -d "${TMPDIR:-/tmp}/opsig-chroot.XXXXXX")
  trap chroot_remove EXIT
  chmod 755 "$chroot_dir" # apt fetches as a user of its own
  debootstrap --variant=minbase "$codename" "$chroot_dir" "$mirror" >"$chroot_dir.log" 2>&1 ||
    { tail -n 20 "$chroot_dir.log" >&2; rm "$chroot_dir.log"; return 1; }
  rm "$chroot_dir.log"
  apt_sources | sed 's/^/deb /' >"$chroot_dir/etc/apt/sources.list"
  apt-config dump Acquire::http Acquire::https >"$chroot_dir/etc/apt/apt.conf.d/acquire"
  mount -t proc proc "$chroot_dir/proc"
  in_chroot apt-get -q -q update
}

in_chroot() { # COMMAND...
  chroot "$chroot_dir" env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive "$@" </dev/null
}

# Installs packages, or .deb files, with what they need and nothing else.
chroot_install() { # PACKAGE...
  in_chroot apt-get -q -q -y -o Dpkg::Use-Pty=0 install --no-install-recommends "$@" \
    >"$chroot_dir/apt.log" 2>&1 || { tail -n 20 "$chroot_dir/apt.log" >&2; return 1; }
}
