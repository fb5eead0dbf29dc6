#!/bin/sh
# Run as root while an image is built: what every runner needs in addition to the Actions runner.
set -eu
apt-get update -q
apt-get install -q -y --no-install-recommends bash ca-certificates curl tini
rm -rf /var/lib/apt/lists/*

# The user of ghcr.io/actions/actions-runner; another base may lack it.
id runner >/dev/null 2>&1 || useradd --uid 1001 --create-home runner
for folder in hooks spool data run; do
  install -d -m 0700 -o runner -g "$(id -gn runner)" "/var/lib/runner-metrics/$folder"
done
