#!/bin/sh
# Prints a version's part of CHANGELOG.md: ./release-notes.sh 2.3.0. Exits with 1 where it has none.
set -eu
cd "$(dirname "$0")"
awk -v heading="## ${1:?give a version}" '
  /^## / { inside = ($0 == heading || index($0, heading " ") == 1); next }
  inside { lines = lines $0 "\n"; if ($0 ~ /[^ ]/) found = 1 }
  END { if (!found) exit 1; sub(/^\n+/, "", lines); printf "%s", lines }' CHANGELOG.md || { echo "release-notes.sh: CHANGELOG.md has nothing under '## $1'." >&2; exit 1; }
