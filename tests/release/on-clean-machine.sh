#!/usr/bin/env bash
# Runs a script in a clean Debian: on-clean-machine.sh ROOT SCRIPT SHARED
# ROOT is a folder that 'mmdebstrap --variant=minbase --include=curl,ca-certificates,systemd bookworm ROOT' made; it is not changed. SHARED is a folder, of which it has a
# copy at /shared. Where it has a release in SHARED/release, that is served as GitHub serves a repository's releases: http://127.0.0.1:8000/acme/RunnerMetrics/releases, then
# /latest/download/FILE and /download/vVERSION/FILE. The script runs as root, in namespaces of its own, network included: what it writes, mounts, starts and listens on ends with it.
set -euo pipefail
root=$(realpath "$1") script=$(realpath "$2") shared=$(realpath "$3")
version=$(cat "$(dirname "${BASH_SOURCE[0]}")/../../VERSION")
export root script shared version
# shellcheck disable=SC2016 # the inner shell expands it
exec unshare --mount --pid --ipc --uts --net --fork --kill-child bash -euc '
busybox ip link set lo up
work=$(mktemp -d)
trap "cd /; umount --recursive --lazy \"$work\" && rmdir \"$work\"" EXIT
mount -t tmpfs tmpfs "$work"
mkdir -p "$work/changes" "$work/work" "$work/machine" "$work/served/acme/RunnerMetrics/releases/latest" "$work/served/acme/RunnerMetrics/releases/download"
mount -t overlay overlay -o "lowerdir=$root,upperdir=$work/changes,workdir=$work/work" "$work/machine"
mount -t proc proc "$work/machine/proc"
mount --bind /dev "$work/machine/dev"
mkdir "$work/machine/shared"
cp -rL "$shared/." "$work/machine/shared/" && chmod -R a+rX "$work/machine/shared"
if [ -d "$work/machine/shared/release" ]; then
  ln -s "$work/machine/shared/release" "$work/served/acme/RunnerMetrics/releases/latest/download"
  ln -s "$work/machine/shared/release" "$work/served/acme/RunnerMetrics/releases/download/v$version"
  (cd "$work/served" && exec python3 -m http.server 8000 --bind 127.0.0.1) >/dev/null 2>&1 &
  until (exec 3<>/dev/tcp/127.0.0.1/8000) 2>/dev/null; do sleep 0.1; done
fi
cp "$script" "$work/machine/script"
status=0
env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 chroot "$work/machine" bash -eu /script || status=$?
[ -z "$(jobs -p)" ] || kill $(jobs -p)
wait || true
exit $status'
