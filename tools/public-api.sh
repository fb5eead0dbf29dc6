#!/usr/bin/env bash
# Regenerates the public API lists (PublicAPI.Unshipped.txt); review the difference before you commit it. With a release, move the lines to PublicAPI.Shipped.txt.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

for project in Contracts Metrics Automation; do
  file=src/RunnerMetrics.$project/PublicAPI.Unshipped.txt
  echo '#nullable enable' >"$file"
  # Each unlisted public symbol is a warning, also in generated code, which 'dotnet format' leaves out.
  dotnet build "src/RunnerMetrics.$project" --no-incremental -nologo -v q -p:TreatWarningsAsErrors=false |
    sed -n "s/.* RS0016: Symbol '\(.*\)' is not part of the declared public API.*RunnerMetrics\.$project\.csproj\]$/\1/p" | LC_ALL=C sort -u >>"$file"
  echo "$file: $(($(wc -l <"$file") - 1)) symbols"
done
