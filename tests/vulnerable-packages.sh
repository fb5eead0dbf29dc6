#!/usr/bin/env bash
# Checks every package of every restored project, transitive ones too, against the feed's advisories; exits with 1 if there is one.
# It finds nothing if the feed publishes no advisories (nuget.org does).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
found=$(dotnet list RunnerMetrics.sln package --vulnerable --include-transitive --no-restore)
if grep -q "has the following vulnerable packages" <<<"$found"; then
  echo "$found"
  echo "Move these to a version without an advisory, in Directory.Packages.props."
  exit 1
fi
echo "No package has a known vulnerability, according to the feed."
