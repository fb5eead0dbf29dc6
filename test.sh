#!/usr/bin/env bash
# Installs what the tests talk to, and runs them all. Needs the .NET SDK; on Debian and Ubuntu it installs the rest by itself.
#   ./test.sh                 everything
#   ./test.sh --no-install    only what is on this machine; tests whose programs are missing are skipped, with the reason
# Further arguments go to 'dotnet test'.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# Debian package, and the file that shows it is there.
packages=(
  prometheus:/usr/bin/promtool
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
  if [ ! -d tests/foreign/node_modules/@grpc/grpc-js ] && command -v npm >/dev/null; then
    echo "test.sh: npm ci in tests/foreign"
    (cd tests/foreign && npm ci --silent --no-audit --no-fund)
  fi
}

if [ "${1:-}" = --no-install ]; then shift; else install_programs; fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
dotnet test RunnerMetrics.sln "$@" 2>&1 | tee "$log" || status=$?

# One line that a person, or a CI, can look for.
count() { grep -E "^ *$1: [0-9]+" "$log" | tail -n 1 | grep -oE '[0-9]+' || echo 0; }
echo "$(count succeeded) passed, $(count failed) failed, $(count skipped) skipped"
exit "$status"
