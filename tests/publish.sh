#!/usr/bin/env bash
# Publishes the native programs for all tests to out/published/NAME. Up-to-date programs take seconds, unless those for another platform were published since.
#   tests/publish.sh linux-arm64    those of a release, for another processor, to out/published-linux-arm64/NAME
#   tests/publish.sh any            those of the .NET tools, for the .NET runtime on any platform, to out/published-any/NAME
#   tests/publish.sh any Agent      one of them
# ./test.sh calls it. Tests start these programs if RUNNER_METRICS_PROGRAMS names the folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
case ${1:-} in
  '') folder=out/published names=(Exporter Agent Standalone Simulator) options=() ;;
  any) folder=out/published-any names=(Exporter Agent) options=(-p:PublishAot=false -p:UseAppHost=false) ;;
  *) folder=out/published-$1 names=(Exporter Agent Standalone) options=(--runtime "$1") ;;
esac
[ $# -lt 2 ] || names=("${@:2}")
for name in "${names[@]}"; do
  # Separate from the output of 'dotnet build': both may run at once.
  dotnet publish "src/RunnerMetrics.$name" "${options[@]}" --artifacts-path out/artifacts --output "$folder/$name" -v q -nologo
done
