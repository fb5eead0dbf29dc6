#!/usr/bin/env bash
# Writes down anew what the projects that others may build on offer (PublicAPI.Unshipped.txt), to be read before it is kept. With a release its lines go to PublicAPI.Shipped.txt.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

for project in Contracts Metrics Automation; do
  file=src/RunnerMetrics.$project/PublicAPI.Unshipped.txt
  echo '#nullable enable' >"$file"
  # What is public and not written down is a warning each, generated code included: 'dotnet format' leaves that out.
  dotnet build "src/RunnerMetrics.$project" --no-incremental -nologo -v q -p:TreatWarningsAsErrors=false |
    sed -n "s/.* RS0016: Symbol '\(.*\)' is not part of the declared public API.*RunnerMetrics\.$project\.csproj\]$/\1/p" | LC_ALL=C sort -u >>"$file"
  echo "$file: $(($(wc -l <"$file") - 1)) symbols"
done
