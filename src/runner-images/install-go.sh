#!/bin/sh
# Run as root while an image is built: Go, in a version from go.dev ('1.26.7'), or 'apt' for the system's package.
set -eu
version=$1
if [ "$version" = apt ]; then
  apt-get update -q
  apt-get install -q -y --no-install-recommends golang-go
  rm -rf /var/lib/apt/lists/*
else
  case $(uname -m) in
    aarch64) archive=go$version.linux-arm64.tar.gz ;;
    *) archive=go$version.linux-amd64.tar.gz ;;
  esac
  cd /tmp
  curl -fsSLO "https://dl.google.com/go/$archive"
  echo "$(curl -fsSL "https://dl.google.com/go/$archive.sha256")  $archive" | sha256sum -c -
  tar -C /usr/local -xzf "$archive"
  rm "$archive"
  ln -s /usr/local/go/bin/go /usr/local/go/bin/gofmt /usr/local/bin/
fi
go version
