#!/bin/sh
# Run while an image is built, in the .NET SDK with clang: publishes programs for this machine's processor.
#   publish.sh NAME… : src/RunnerMetrics.NAME goes to /programs
set -eu
case $(uname -m) in
  aarch64) runtime=linux-arm64 ;;
  *) runtime=linux-x64 ;;
esac
for name in "$@"; do
  dotnet publish "src/RunnerMetrics.$name" --runtime "$runtime" --output /programs
done
