#!/usr/bin/env bash
# Publishes the native programs for all tests to out/published/NAME. Up-to-date programs take seconds.
# ./test.sh calls it. Tests start these programs if RUNNER_METRICS_PROGRAMS names the folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
for name in Exporter Agent Standalone Simulator; do
  # Separate from the output of 'dotnet build': both may run at once.
  dotnet publish "src/RunnerMetrics.$name" --artifacts-path out/artifacts --output "out/published/$name" -v q -nologo
done
