#!/bin/sh
# Run as root while an image is built: a browser and its driver. Debian has both as packages. Ubuntu, the base of
# ghcr.io/actions/actions-runner, has them only as snaps, which do not run in a container: there Google's package is used.
set -eu
apt-get update -q
if apt-get install -q -y --no-install-recommends chromium chromium-driver fonts-liberation 2>/dev/null && chromium --version; then
  ln -sf /usr/bin/chromium /usr/local/bin/chrome
else
  apt-get install -q -y --no-install-recommends curl gnupg unzip fonts-liberation
  curl -fsSL https://dl.google.com/linux/linux_signing_key.pub | gpg --dearmor -o /usr/share/keyrings/google-chrome.gpg
  echo 'deb [arch=amd64 signed-by=/usr/share/keyrings/google-chrome.gpg] https://dl.google.com/linux/chrome/deb/ stable main' >/etc/apt/sources.list.d/google-chrome.list
  apt-get update -q
  apt-get install -q -y --no-install-recommends google-chrome-stable
  version=$(google-chrome --version | tr -cd '0-9.')
  curl -fsSL -o /tmp/driver.zip "https://storage.googleapis.com/chrome-for-testing-public/$version/linux64/chromedriver-linux64.zip"
  unzip -q -j /tmp/driver.zip chromedriver-linux64/chromedriver -d /usr/local/bin
  rm /tmp/driver.zip
  ln -sf /usr/bin/google-chrome /usr/local/bin/chrome
fi
rm -rf /var/lib/apt/lists/*
chromedriver --version
