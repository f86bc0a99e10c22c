#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Fails where a folder of src/ depends on what its layer may not: by an #include line, by a
# foreign header, or by a function that it calls.
#
# usage: check_layers.sh SOURCE_DIR [OBJECTS_DIR]
#   OBJECTS_DIR  holds the folders opsig_<folder>.dir; without it calls are not checked
set -euo pipefail
export LC_ALL=C

# Folder, row, foreign headers. A folder may use itself, the rows above its own, and base.
# Public headers are a vocabulary that every folder may include, but what they declare may be
# called only where it is defined in the same row's folder or above. cli stands outside: it
# includes public headers and nothing else of the project.
layers='
base    0 sha2.h sanitizer/asan_interface.h
onnx    1 protobuf-c/protobuf-c.h
stats   1 Rmath.h
graph   2 igraph.h igraph/igraph.h
pattern 3 -
corpus  4 jansson.h linux/audit.h linux/filter.h linux/seccomp.h
db      5 sqlite3.h
rules   4 -
mine    6 pthread.h
scan    6 jansson.h
hypothesis 7 pthread.h
report  8 jansson.h
cli     9 argp.h ini.h
'

# Headers of the C library, which are free for all. Another one is a new dependency: say here
# whose it is.
libc='assert ctype dirent errno fcntl float fnmatch getopt inttypes langinfo libgen limits math poll
sched signal stdalign stdarg stdatomic stdbool stddef stdint stdio stdlib string strings sys/auxv
sys/file sys/mman sys/prctl sys/random sys/resource sys/socket sys/stat sys/syscall sys/types
sys/uio sys/wait time unistd'

source_dir=$1
objects_dir=${2:-}
failures=0
fail() {
  echo "check_layers: $*"
  failures=$((failures + 1))
}

declare -A row foreign is_libc
while read -r folder number headers; do
  [[ -z $folder ]] && continue
  row[$folder]=$number
  foreign[$folder]=" $headers "
done <<<"$layers"
for header in $libc; do
  is_libc[$header.h]=1
done

# may_use USER USED: whether the table lets one folder use another.
may_use() {
  [[ $1 == "$2" || $2 == base || ${row[$2]} -lt ${row[$1]} ]]
}

check_include() { # FOLDER FILE LINE HEADER; the header with its delimiters
  local folder=$1 place=$2:$3 header=${4:1:-1} used
  case $4 in
    \"*)
      used=${header%%/*}
      if [[ $folder == cli ]]; then
        [[ $used == cli ]] || fail "$place: the program includes $header, which is not public"
      elif [[ $header == *.pb-c.h || $header == *.inc ]]; then
        return # generated beside its only users; found by their own include path
      elif [[ $header != */* || -z ${row[$used]:-} ]]; then
        fail "$place: $header is not written as folder/file.h"
      elif ! may_use "$folder" "$used"; then
        fail "$place: $folder may not include $header"
      fi
      ;;
    \<opsig/*) ;;
    *)
      [[ -n ${is_libc[$header]:-} || ${foreign[$folder]} == *" $header "* ]] ||
        fail "$place: $folder may not include <$header>"
      ;;
  esac
}

for path in "$source_dir"/src/*/; do
  folder=$(basename "$path")
  [[ -n ${row[$folder]:-} ]] || fail "src/$folder is in no layer"
done
include_line='^ *# *include *([<"][^>"]+[>"])'
while IFS=: read -r file line text; do
  folder=${file%%/*}
  if [[ $text =~ $include_line ]]; then
    check_include "$folder" "src/$file" "$line" "${BASH_REMATCH[1]}"
  else
    fail "src/$file:$line: cannot be read: $text"
  fi
done < <(cd "$source_dir/src" && grep -nE '^ *# *include' -- */*.[ch])

# Calls: each of the project's symbols that a folder's objects leave undefined is looked up in
# the folder that defines it.
if [[ -n $objects_dir ]]; then
  declare -A definer
  for folder in "${!row[@]}"; do
    [[ -d $objects_dir/opsig_$folder.dir ]] || continue
    while read -r symbol; do
      definer[$symbol]=$folder
    done < <(find "$objects_dir/opsig_$folder.dir" -name '*.o' -exec nm -g --defined-only {} + |
      awk 'NF == 3 && $3 ~ /^(opsig_|ops_|onnx_)/ { print $3 }')
  done
  for folder in "${!row[@]}"; do
    [[ -d $objects_dir/opsig_$folder.dir ]] || continue
    while read -r symbol; do
      used=${definer[$symbol]:-}
      if [[ -n $used ]] && ! may_use "$folder" "$used"; then
        fail "src/$folder calls $symbol of src/$used"
      fi
    done < <(find "$objects_dir/opsig_$folder.dir" -name '*.o' -exec nm -u {} + |
      awk '$1 == "U" && $2 ~ /^(opsig_|ops_|onnx_)/ { print $2 }' | sort -u)
  done
fi

if [[ $failures -gt 0 ]]; then
  echo "check_layers: $failures violations"
  exit 1
fi
echo "check_layers: every folder keeps to its layer"
