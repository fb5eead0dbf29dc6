#!/usr/bin/env bash
# The cost of a job hook, compared with an empty hook: each started as the runner starts it ('bash -e FILE', with a real runner's environment),
# alternately, 200 times each. Prints the medians and the 95th percentiles in milliseconds.
#   benchmarks/hook-cost.sh [RUNS]
#
# On two shared cores, bash 5.2, ext4; in brackets with ten other busy processes:
#   hook           median          p95
#   nothing           2.5 (4.2)    3.3 (10.8)
#   job-started       5.1 (9.6)    7.1 (19.2)
#   job-completed     5.0 (9.7)    6.9 (19.3)
# So a hook adds 2.5 ms: bash reads it, forks once, and mv is the one program that it starts.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
runs=${1:-200}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export LC_ALL=C
printf '#!/bin/sh\nexit 0\n' >"$folder/nothing.sh"
mapfile -t environment <tests/RunnerMetrics.Agent.Tests/Fixtures/runner-diag/ok/hook-started.env

run() {
  local from=${EPOCHREALTIME/./}
  env -i PATH="$PATH" RUNNER_METRICS_HOOKS="$folder" "${environment[@]}" bash -e "$1" >/dev/null
  echo $((${EPOCHREALTIME/./} - from)) >>"$folder/$2.times"
  # As the agent does.
  rm -f "$folder"/*.hook
}

for ((i = 0; i < runs; i++)); do
  run "$folder/nothing.sh" nothing
  run src/runner-images/hooks/job-started.sh job-started
  run src/runner-images/hooks/job-completed.sh job-completed
done

printf '%-14s %6s %6s\n' hook median p95
for hook in nothing job-started job-completed; do
  sort -n "$folder/$hook.times" | awk -v hook=$hook '{ t[NR] = $1 / 1000 } END { printf "%-14s %6.1f %6.1f\n", hook, t[int((NR + 1) / 2)], t[int(NR * 0.95)] }'
done
