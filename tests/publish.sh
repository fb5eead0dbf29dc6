#!/usr/bin/env bash
# Publishes the native programs for all tests to out/published/NAME. Up-to-date programs take seconds.
#   tests/publish.sh linux-arm64    those of a release, for another processor, to out/published-linux-arm64/NAME
# ./test.sh calls it. Tests start these programs if RUNNER_METRICS_PROGRAMS names the folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=out/published names=(Exporter Agent Standalone Simulator) runtime=()
if [ $# -gt 0 ]; then folder=out/published-$1 names=(Exporter Agent Standalone) runtime=(--runtime "$1"); fi
for name in "${names[@]}"; do
  # Separate from the output of 'dotnet build': both may run at once.
  dotnet publish "src/RunnerMetrics.$name" "${runtime[@]}" --artifacts-path out/artifacts --output "$folder/$name" -v q -nologo
done
