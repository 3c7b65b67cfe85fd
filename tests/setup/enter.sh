#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs a command in a folder with a system in it, as if that were a machine:
#
#   unshare --mount --pid --fork --kill-child [--net] enter.sh ROOT USER FOLDER COMMAND
#
# FOLDER is where the command starts, seen from inside. APT_CACHE=folder, seen from
# outside, keeps what APT has downloaded; READ_ONLY=folder, seen from inside,
# cannot be written to, not even by root.
set -eu

root=$1 user=$2 folder=$3 command=$4
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$root/dev/pts"
ln -sf pts/ptmx "$root/dev/ptmx"
mount --bind /etc/resolv.conf "$root/etc/resolv.conf"
[ -z "${APT_CACHE:-}" ] || mount --bind "$APT_CACHE" "$root/var/cache/apt/archives"
if [ -n "${READ_ONLY:-}" ]; then
    mount --bind "$root$READ_ONLY" "$root$READ_ONLY"
    mount -o remount,bind,ro "$root$READ_ONLY"
fi
home=/root
[ "$user" = root ] || home=/home/$user
exec chroot --userspec="$user" "$root" env -i --chdir="$folder" HOME="$home" TERM=dumb \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin bash -c "$command"
