#!/usr/bin/env bash
# Runs a script in a clean Debian: on-clean-machine.sh ROOT SCRIPT SHARED
# ROOT is a folder that 'mmdebstrap --variant=minbase --include=curl,ca-certificates,systemd bookworm ROOT' made; it is not changed. SHARED is a folder, read-only at /shared.
# The script runs as root, in namespaces of its own: what it writes, mounts and starts ends with it. It shares the machine's network.
set -euo pipefail
root=$(realpath "$1") script=$(realpath "$2") shared=$(realpath "$3")
export root script shared
# shellcheck disable=SC2016 # the inner shell expands it
exec unshare --mount --pid --ipc --uts --fork --kill-child bash -euc '
work=$(mktemp -d)
mount -t tmpfs tmpfs "$work"
mkdir "$work/changes" "$work/work" "$work/machine"
mount -t overlay overlay -o "lowerdir=$root,upperdir=$work/changes,workdir=$work/work" "$work/machine"
mount -t proc proc "$work/machine/proc"
mount --bind /dev "$work/machine/dev"
mkdir "$work/machine/shared"
mount --bind -o ro "$shared" "$work/machine/shared"
cp "$script" "$work/machine/script"
status=0
env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 ${TEST_ENVIRONMENT-} chroot "$work/machine" bash -eu /script || status=$?
# The mounts go with the namespace; the folder they were on is left to this line.
umount --recursive --lazy "$work" && rmdir "$work"
exit $status'
