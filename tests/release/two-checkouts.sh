#!/usr/bin/env bash
# Compiles the last commit in two folders whose paths differ, once as a developer does and once as CI does, in two time zones, and compares what was published byte by byte.
#   tests/release/two-checkouts.sh linux-x64    the programs of a release; the arguments are those of tests/publish.sh
#   tests/release/two-checkouts.sh any Agent    one program for the .NET runtime, which takes no linker and little time
# Prints the sums, or a diff and 1 as its exit code. Nothing that it starts stays: no compiler server, no build node.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
[ $# -gt 0 ] || { echo "two-checkouts.sh: say for which platform: linux-x64, linux-arm64 or any." >&2; exit 2; }
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# publish FOLDER VARIABLES PUBLISH-ARGUMENTS: sums of what a checkout in FOLDER gives.
publish() {
  local folder=$1 variables=$2
  git clone --quiet . "$folder"
  # shellcheck disable=SC2086 # several variables
  env $variables "$folder/tests/publish.sh" "${@:3}" >&2
  (cd "$folder/out" && find published-* -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum)
}

publish "$work/a" 'CI=false TZ=UTC' "$@" >"$work/first"
publish "$work/another path/of/the-same-commit" 'CI=true TZ=Asia/Tokyo' "$@" >"$work/second"
[ -s "$work/first" ] || { echo "two-checkouts.sh: nothing was published." >&2; exit 1; }
if ! diff "$work/first" "$work/second"; then
  echo "two-checkouts.sh: the files above differ between the two folders." >&2
  exit 1
fi
cat "$work/first"
echo "two-checkouts.sh: $(wc -l <"$work/first") files of $(git rev-parse --short HEAD) are the same from both folders."
