#!/usr/bin/env bash
# Installs the programs that the tests need, and runs all tests. Needs the .NET SDK; on Debian and Ubuntu it installs the rest.
#   ./test.sh                 all tests; of long repeated tests (a hundred kills, months of samples) a part
#   ./test.sh --containers    the container images too, built and run by a Docker engine; if none is running, one is installed, started, and stopped at the end
#   ./test.sh --long          long repeated tests completely, and all native programs of a release compiled in two folders instead of one program
#   ./test.sh --no-install    installs nothing; tests whose programs are missing are skipped, with the reason
# Options can be combined; further arguments go to 'dotnet test'.
# shellcheck disable=SC2317 # it does not see calls from a trap or 'run'
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# Each background program is a process group, which is stopped with its child processes.
set -m

containers='' install=1
while [ $# -gt 0 ]; do
  case $1 in
    --containers) containers=1 ;;
    --long) export RUNNER_METRICS_LONG=1 ;;
    --no-install) install='' ;;
    *) break ;;
  esac
  shift
done

# Debian package, and a file that shows that it is installed.
packages=(
  prometheus:/usr/bin/promtool
  prometheus-alertmanager:/usr/bin/amtool
  prometheus-node-exporter:/usr/bin/prometheus-node-exporter
  chromium:/usr/bin/chromium
  python3-grpcio:/usr/lib/python3/dist-packages/grpc/__init__.py
  python3-protobuf:/usr/lib/python3/dist-packages/google/protobuf/__init__.py
  npm:/usr/bin/npm
  busybox:/bin/busybox
  nginx-light:/usr/sbin/nginx
  shellcheck:/usr/bin/shellcheck
  strace:/usr/bin/strace
  clang:/usr/bin/clang
  zlib1g-dev:/usr/include/zlib.h
  mmdebstrap:/usr/bin/mmdebstrap
  unzip:/usr/bin/unzip
  zip:/usr/bin/zip
  qemu-user:/usr/bin/qemu-aarch64
  binutils-aarch64-linux-gnu:/usr/bin/aarch64-linux-gnu-objcopy
  libc6-dev-arm64-cross:/usr/aarch64-linux-gnu/include/stdio.h
  libgcc-12-dev-arm64-cross:/usr/lib/gcc-cross/aarch64-linux-gnu/12/crtbeginS.o
)

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
has() { command -v "$1" >/dev/null; }
# The engine's program is in a folder that is not on an ordinary user's PATH.
has_engine() { docker info >/dev/null 2>&1 || PATH=$PATH:/usr/sbin:/sbin has dockerd; }

install_programs() {
  local missing=()
  for entry in "${packages[@]}"; do
    local package=${entry%%:*} file=${entry#*:}
    [ -e "$file" ] && continue
    [ "$package" = npm ] && has npm && continue
    [ "$package" = docker.io ] && has_engine && continue
    missing+=("$package")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    if ! has apt-get; then
      echo "test.sh: this machine has no apt-get; install ${missing[*]} by its own means. The tests that need them are skipped." >&2
    else
      echo "test.sh: installing ${missing[*]}"
      as_root apt-get update -qq
      # Debian starts a service with each package; tests start their own, on other ports.
      as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
    fi
  fi
  # PowerShell, for its job hooks.
  (cd tests/checks && dotnet tool restore >/dev/null) || echo "test.sh: PowerShell was not restored; the tests of its hooks are skipped." >&2
  # A clean install writes this file last: an interrupted install is repeated, and so is one of an older list.
  for folder in tests/foreign tests/kubernetes tests/checks dashboards/schema; do
    if ! cmp -s "$folder/package-lock.json" "$folder/node_modules/.installed" && has npm; then
      echo "test.sh: npm ci in $folder"
      (cd "$folder" && npm ci --silent --no-audit --no-fund && cp package-lock.json node_modules/.installed)
    fi
  done
}

# A separate engine in its own folder, which is stopped after the tests; a running engine is not changed.
start_docker() {
  docker info >/dev/null 2>&1 && return
  engine=$(mktemp -d)
  if has iptables; then as_root iptables-save >"$engine/rules"; fi
  echo "test.sh: starting dockerd in $engine"
  as_root dockerd --data-root "$engine/data" --exec-root "$engine/exec" --pidfile "$engine/pid" --host "unix://$engine/docker.sock" >"$engine/log" 2>&1 &
  export DOCKER_HOST=unix://$engine/docker.sock
  for _ in $(seq 120); do
    docker info >/dev/null 2>&1 && return
    sleep 0.5
  done
  echo "test.sh: dockerd does not run here; the container tests are skipped. Its output:" >&2
  tail -n 5 "$engine/log" >&2
}

# Stops the engine with its containers, and removes its network settings.
stop_docker() {
  local pid
  pid=$(cat "$engine/pid" 2>/dev/null || true)
  if [ -n "$pid" ]; then
    as_root kill "$pid" 2>/dev/null || true
    for _ in $(seq 120); do
      as_root kill -0 "$pid" 2>/dev/null || break
      sleep 0.5
    done
  fi
  if [ -s "$engine/rules" ] && ! grep -q DOCKER "$engine/rules"; then
    local policy
    policy=$(grep '^:FORWARD' "$engine/rules" | head -n 1 | cut -d ' ' -f 2)
    as_root iptables-save | grep -v -e DOCKER -e docker0 -e br- | sed "s/^:FORWARD [A-Z]*/:FORWARD ${policy:-ACCEPT}/" | as_root iptables-restore || true
    as_root ip link delete docker0 2>/dev/null || true
  fi
  as_root rm -rf "$engine" || true
}

engine='' running=''
log=$(mktemp)

# Runs a program as a process group, which ends with this script.
run() {
  "$@" &
  running=$!
  local status=0
  wait "$running" 2>/dev/null || status=$?
  end_running
  return "$status"
}

# Stops the remaining processes of a group: first with SIGTERM, then with SIGKILL.
end_running() {
  [ -n "$running" ] || return 0
  kill -TERM -- "-$running" 2>/dev/null || true
  for _ in $(seq 20); do
    kill -0 -- "-$running" 2>/dev/null || break
    sleep 0.2
  done
  kill -KILL -- "-$running" 2>/dev/null || true
  running=''
}

end() {
  end_running
  [ -z "$engine" ] || stop_docker
  rm -f "$log"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

if [ -n "$containers" ] && [ -n "$install" ]; then
  # A client that is newer than Debian's is kept: Debian's comes with the engine, and is after /usr/local/bin on the PATH.
  packages+=(docker.io:/usr/sbin/dockerd docker-compose:/usr/bin/docker-compose)
fi
[ -z "$install" ] || install_programs

# The published programs, for every test that starts one, and for the images.
if has clang; then
  begin=$SECONDS
  echo "test.sh: publishing the programs"
  # Those of the .NET tools for platforms that nothing is compiled for.
  run tests/publish.sh any
  # Those for the other processor, which qemu runs.
  if has aarch64-linux-gnu-objcopy && [ "$(uname -m)" = x86_64 ]; then run tests/publish.sh linux-arm64; fi
  # This machine's last: publishing for another platform would make the next publish, that of the images, compile everything again.
  run tests/publish.sh
  export RUNNER_METRICS_PROGRAMS=$PWD/out/published
  echo "test.sh: publishing took $((SECONDS - begin)) s"
fi
if [ -n "$containers" ]; then
  export RUNNER_METRICS_CONTAINERS=1
  start_docker
  if docker info >/dev/null 2>&1; then run tests/containers/build.sh; fi
fi

status=0
if [ $# = 0 ]; then
  compiled=(any Agent)
  if [ "${RUNNER_METRICS_LONG:-}" = 1 ] && has clang; then
    case $(uname -m) in aarch64) compiled=(linux-arm64) ;; *) compiled=(linux-x64) ;; esac
  fi
  begin=$SECONDS
  echo "test.sh: compiling for ${compiled[*]} in two folders"
  run tests/release/two-checkouts.sh "${compiled[@]}" || status=$?
  echo "test.sh: compiling in two folders took $((SECONDS - begin)) s"
fi
begin=$SECONDS
test_all() { dotnet test RunnerMetrics.sln "$@" 2>&1 | tee "$log"; }
run test_all "$@" || status=$?
echo "test.sh: the tests took $((SECONDS - begin)) s"

# Repeats the failures at the end, where people look first in a long log: what each says, and then their names.
awk '/^failed [A-Za-z]/ { left = 30 } !/^(failed|  )/ { left = 0 } left-- > 0 { print substr($0, 1, 300) }' "$log" | head -n 300 || true
grep -aE '^failed [A-Za-z]' "$log" | sort -u | head -n 50 || true

# One summary line for people and CI.
count() { grep -E "^ *$1: [0-9]+" "$log" | tail -n 1 | grep -oE '[0-9]+' || echo 0; }
passed=$(count succeeded)
echo "$passed passed, $(count failed) failed, $(count skipped) skipped"
if [ "$status" = 0 ] && [ "$passed" = 0 ]; then
  echo "test.sh: no test passed: 'dotnet test' was stopped before it finished" >&2
  status=1
fi
exit "$status"
