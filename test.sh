#!/usr/bin/env bash
# Installs what the tests talk to, and runs them all. Needs the .NET SDK; on Debian and Ubuntu it installs the rest by itself.
#   ./test.sh                 everything
#   ./test.sh --containers    everything, and the container images too: built and run by a Docker engine, which is installed and started where none runs
#   ./test.sh --no-install    only what is on this machine; tests whose programs are missing are skipped, with the reason
# Further arguments go to 'dotnet test'.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# Debian package, and the file that shows it is there.
packages=(
  prometheus:/usr/bin/promtool
  prometheus-alertmanager:/usr/bin/amtool
  prometheus-node-exporter:/usr/bin/prometheus-node-exporter
  chromium:/usr/bin/chromium
  python3-grpcio:/usr/lib/python3/dist-packages/grpc/__init__.py
  python3-protobuf:/usr/lib/python3/dist-packages/google/protobuf/__init__.py
  npm:/usr/bin/npm
  busybox:/bin/busybox
  shellcheck:/usr/bin/shellcheck
)

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

install_programs() {
  local missing=()
  for entry in "${packages[@]}"; do
    local package=${entry%%:*} file=${entry#*:}
    [ -e "$file" ] && continue
    [ "$package" = npm ] && command -v npm >/dev/null && continue
    missing+=("$package")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    if ! command -v apt-get >/dev/null; then
      echo "test.sh: this machine has no apt-get; install ${missing[*]} by its own means. The tests that need them are skipped." >&2
    else
      echo "test.sh: installing ${missing[*]}"
      as_root apt-get update -qq
      # Debian starts a service with each package; tests start their own, on ports of their own.
      as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
    fi
  fi
  # What a clean install leaves last: an interrupted one is made again, and so is one of an older list.
  for folder in tests/foreign tests/kubernetes dashboards/schema; do
    if ! cmp -s "$folder/package-lock.json" "$folder/node_modules/.installed" && command -v npm >/dev/null; then
      echo "test.sh: npm ci in $folder"
      (cd "$folder" && npm ci --silent --no-audit --no-fund && cp package-lock.json node_modules/.installed)
    fi
  done
}

# An engine of its own, in a folder of its own, which ends with the tests; nothing is changed of one that runs already.
start_docker() {
  docker info >/dev/null 2>&1 && return
  engine=$(mktemp -d)
  echo "test.sh: starting dockerd in $engine"
  as_root dockerd --data-root "$engine/data" --exec-root "$engine/exec" --pidfile "$engine/pid" --host "unix://$engine/docker.sock" >"$engine/log" 2>&1 &
  for _ in $(seq 60); do
    DOCKER_HOST=unix://$engine/docker.sock docker info >/dev/null 2>&1 && break
    sleep 0.5
  done
  export DOCKER_HOST=unix://$engine/docker.sock
  docker info >/dev/null 2>&1 || { echo "test.sh: dockerd does not run here; the tests of containers are skipped. It said:" >&2; tail -n 5 "$engine/log" >&2; }
}

engine=
log=$(mktemp)
# shellcheck disable=SC2317
end() {
  rm -f "$log"
  if [ -n "$engine" ]; then
    [ ! -s "$engine/pid" ] || { as_root kill "$(cat "$engine/pid")" && wait; } || true
    as_root rm -rf "$engine" || true
  fi
}
trap end EXIT

if [ "${1:-}" = --containers ]; then
  shift
  packages+=(docker.io:/usr/bin/dockerd docker-compose:/usr/bin/docker-compose mmdebstrap:/usr/bin/mmdebstrap)
  install_programs
  start_docker
  export RUNNER_METRICS_CONTAINERS=1
elif [ "${1:-}" = --no-install ]; then
  shift
else
  install_programs
fi

status=0
dotnet test RunnerMetrics.sln "$@" 2>&1 | tee "$log" || status=$?

# One line that a person, or a CI, can look for.
count() { grep -E "^ *$1: [0-9]+" "$log" | tail -n 1 | grep -oE '[0-9]+' || echo 0; }
echo "$(count succeeded) passed, $(count failed) failed, $(count skipped) skipped"
exit "$status"
