#!/usr/bin/env bash
# Asks the package feed for advisories on every package, transitive ones too, of every project that was restored; exits with 1 where there is one.
# A feed that publishes none (nuget.org does) finds none.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
found=$(dotnet list RunnerMetrics.sln package --vulnerable --include-transitive --no-restore)
if grep -q "has the following vulnerable packages" <<<"$found"; then
  echo "$found"
  echo "Move these to a version without an advisory, in Directory.Packages.props."
  exit 1
fi
echo "No package has a known vulnerability, as far as the feed says."
