#!/usr/bin/env bash
# Builds every image that a test runs, once: ./test.sh --containers calls it, and you may run it before 'dotnet test'.
# No registry is needed. The base is a Debian from mmdebstrap with the OpenSSL that .NET needs; the SDK is an image whose 'dotnet publish' copies programs that were
# published on this machine; the monitoring images contain this machine's programs. Layers are shared, and existing images take seconds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
prefix=runner-metrics-test
published=out/published
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# A step's output is shown if it fails.
step() {
  local step=$1 begin=$SECONDS
  shift
  if "$@" >"$folder/$step.log" 2>&1; then
    echo "containers: $step, $((SECONDS - begin)) s"
  else
    echo "containers: $step failed:" >&2
    tail -n 40 "$folder/$step.log" >&2
    return 1
  fi
}

bootstrap() {
  docker image inspect "$prefix/base" >/dev/null 2>&1 && return
  mmdebstrap --quiet --variant=minbase --include=libssl3 bookworm "$folder/base.tar" && docker import "$folder/base.tar" "$prefix/base" && rm "$folder/base.tar"
}

# The programs of the images, those of the tests and the automation's worker.
publish() {
  tests/publish.sh && dotnet publish src/RunnerMetrics.AutomationWorker --artifacts-path out/artifacts --output "$published/AutomationWorker" -v q -nologo
}

sdk() {
  mkdir "$folder/sdk" && cp -r "$published" "$folder/sdk/published" || return 1
  cat >"$folder/sdk/dotnet" <<'DOTNET'
#!/bin/sh
set -eu
while [ "$1" != --output ]; do case $1 in src/*) name=${1#src/RunnerMetrics.} ;; esac; shift; done
mkdir -p "$2"
cp /published/"$name"/* "$2"
DOTNET
  # The linker is not needed here.
  printf '#!/bin/sh\n' >"$folder/sdk/clang"
  chmod 755 "$folder/sdk/dotnet" "$folder/sdk/clang"
  printf 'FROM %s\nCOPY dotnet clang /usr/local/bin/\nCOPY published /published\n' "$prefix/base" >"$folder/sdk/Dockerfile"
  docker build --tag "$prefix/sdk" "$folder/sdk"
}

# image NAME DOCKERFILE: an image of the product, from its Dockerfile.
image() {
  docker build --build-arg "BASE=$prefix/base" --build-arg "SDK=$prefix/sdk" --build-arg GO_VERSION=apt --file "src/runner-images/$2" --tag "$prefix/$1" .
}

# stand_in NAME PROGRAM DATA: a program of this machine in an image like the official one: run as nobody, with a wget for its health check.
stand_in() {
  local context=$folder/$1
  mkdir -p "$context/shared" && cp "$2" "$context/$1" && cp /bin/busybox "$context/busybox" || return 1
  # Debian's Alertmanager has its templates in separate files.
  [ ! -d "/usr/share/prometheus/$1" ] || cp "/usr/share/prometheus/$1"/* "$context/shared"
  cat >"$context/Dockerfile" <<DOCKERFILE
FROM $prefix/base
COPY $1 /bin/$1
COPY busybox /bin/busybox
COPY shared /usr/share/prometheus/$1
RUN ln -s busybox /bin/wget && mkdir $3 && chown 65534:65534 $3
USER 65534:65534
VOLUME $3
ENTRYPOINT ["/bin/$1"]
DOCKERFILE
  docker build --tag "$prefix/$1" "$context"
}

# The automation's worker runs in an SDK with git.
automation() {
  printf 'FROM %s\nRUN apt-get update -q && apt-get install -q -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*\n' "$prefix/sdk" >"$folder/Dockerfile"
  docker build --tag "$prefix/sdk-git" - <"$folder/Dockerfile" || return 1
  docker build --build-arg "SDK=$prefix/sdk-git" --file src/runner-images/automation/Dockerfile --tag "$prefix/automation" .
}

# The base is downloaded while programs are compiled.
step base bootstrap &
base=$!
step publish publish
wait "$base"
step sdk sdk
step exporter image exporter exporter/Dockerfile
step agent image agent agent/Dockerfile
step prometheus stand_in prometheus /usr/bin/prometheus /prometheus
step alertmanager stand_in alertmanager /usr/bin/prometheus-alertmanager /alertmanager
step node-exporter stand_in node-exporter /usr/bin/prometheus-node-exporter /data
# Each uses the layers of the one before.
step runner-standard image runner-standard Dockerfile
step runner-chrome image runner-chrome Dockerfile.chrome
step runner-chrome-go image runner-chrome-go Dockerfile.chrome-go
step automation automation
