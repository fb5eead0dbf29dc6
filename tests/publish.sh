#!/usr/bin/env bash
# Publishes the programs as users get them, native, once for all tests: to out/published/NAME. What is up to date there takes seconds.
# ./test.sh calls it. Tests start these programs where RUNNER_METRICS_PROGRAMS names the folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
for name in Exporter Agent Standalone Simulator; do
  # Apart from what 'dotnet build' writes: both may run at once.
  dotnet publish "src/RunnerMetrics.$name" --artifacts-path out/artifacts --output "out/published/$name" -v q -nologo
done
