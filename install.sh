#!/bin/sh
# Installs RunnerMetrics on a Linux machine: programs to /usr/local, units for systemd, and an agent for each runner that is found. It asks nothing.
#   curl -fsSL https://github.com/OWNER/RunnerMetrics/releases/latest/download/install.sh | sudo sh
#   … | sudo sh -s -- agent --collector https://exporter.example.com:9095 --token-file /etc/runner-metrics/token
# What is named is installed: exporter, agent, standalone; by default exporter and agent.
#   --version X.Y.Z     another version than the one that this script came with
#   --url URL           where the release's files are; a folder of them served by anything that speaks HTTP, or file:///FOLDER
#   --collector URL     where the agents report to; default: the exporter on this machine
#   --token-file FILE   the agents' token, needed where the exporter is on another machine; the runners' users must be able to read it
#   --no-start          installs, and starts nothing
#   --uninstall         removes programs and units; data and settings stay
#   --purge             with --uninstall: removes data and settings too, jobs that were counted among them
# Exit codes: 0 done, 1 failed, 2 wrong usage.
set -eu

# build-release.sh writes both.
version=development
url=https://github.com/OWNER/RunnerMetrics/releases/download

say() { printf 'install.sh: %s\n' "$*"; }
die() { code=$1; shift; say "$*" >&2; exit "$code"; }
has() { command -v "$1" >/dev/null 2>&1; }
runs_systemd() { [ -d /run/systemd/system ]; }

library=/usr/local/lib/runner-metrics
units=/etc/systemd/system

main() {
  components='' from='' collector=http://127.0.0.1:9095 token_file='' start=1 uninstall='' purge=''
  while [ $# -gt 0 ]; do
    case $1 in
      exporter | agent | standalone) components="$components $1" ;;
      --version | --url | --collector | --token-file)
        [ $# -ge 2 ] || die 2 "$1 needs a value."
        case $1 in --version) version=$2 ;; --url) from=$2 ;; --collector) collector=$2 ;; *) token_file=$2 ;; esac
        shift
        ;;
      --no-start) start='' ;;
      --uninstall) uninstall=1 ;;
      --purge) purge=1 ;;
      -h | --help) usage; exit 0 ;;
      *) die 2 "$1 is neither a program (exporter, agent, standalone) nor an option (--version, --url, --collector, --token-file, --no-start, --uninstall, --purge)." ;;
    esac
    shift
  done
  [ "$(id -u)" = 0 ] || die 1 "it writes to /usr/local and /etc: run it as root, for example behind sudo."
  if [ -n "$uninstall" ]; then
    uninstall_all
    return
  fi
  [ -n "$components" ] || components='exporter agent'
  [ "$version" != development ] || [ -n "$from" ] || die 2 "this copy of install.sh belongs to no release: take a release's own, or say --version X.Y.Z --url URL."
  [ -n "$from" ] || from=$url/v$version
  check_machine
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  fetch SHA256SUMS
  for component in $components; do download "$component"; done
  for component in $components; do "install_$component"; done
  finish
}

usage() {
  cat <<'USAGE'
install.sh [exporter] [agent] [standalone] [--version X.Y.Z] [--url URL] [--collector URL] [--token-file FILE] [--no-start]
install.sh --uninstall [--purge]
USAGE
}

check_machine() {
  [ "$(uname -s)" = Linux ] || die 1 "there are programs for Linux only, and this is $(uname -s)."
  case $(uname -m) in
    x86_64 | amd64) runtime=linux-x64 ;;
    aarch64 | arm64) runtime=linux-arm64 ;;
    *) die 1 "there are programs for x86_64 and aarch64, and this is $(uname -m)." ;;
  esac
  for program in tar gzip sha256sum; do has "$program" || die 1 "$program is missing: install it."; done
  libc=$(getconf GNU_LIBC_VERSION 2>/dev/null | cut -d ' ' -f 2) || libc=''
  [ -n "$libc" ] || die 1 "the programs need glibc 2.34 or newer, and this machine has another C library."
  [ "$(printf '2.34\n%s\n' "$libc" | sort -t . -k 1,1n -k 2,2n | head -n 1)" = 2.34 ] || die 1 "the programs need glibc 2.34 or newer (Debian 12, Ubuntu 22.04, RHEL 9), and this machine has $libc."
  { ldconfig -p 2>/dev/null || /sbin/ldconfig -p 2>/dev/null || true; } | grep -q 'libssl\.so\.3' \
    || die 1 "the programs need OpenSSL 3: install libssl3 (Debian, Ubuntu), or openssl-libs (RHEL, Fedora)."
}

# fetch FILE: from the release to the work folder.
fetch() {
  case $from in
    file://*) cp "${from#file://}/$1" "$work/$1" || die 1 "$from has no $1." ;;
    *)
      if has curl; then
        curl --fail --silent --show-error --location --retry 3 --output "$work/$1" "$from/$1" || die 1 "$from/$1 could not be downloaded."
      elif has wget; then
        wget --quiet --tries=3 --output-document="$work/$1" "$from/$1" || die 1 "$from/$1 could not be downloaded."
      else
        die 1 "neither curl nor wget is here: install one."
      fi
      ;;
  esac
}

# Nothing is unpacked, let alone run, before its sum is what SHA256SUMS says.
download() {
  archive=runner-metrics-$1-$version-$runtime.tar.gz
  grep -q "  $archive\$" "$work/SHA256SUMS" || die 1 "the release at $from has no $archive."
  fetch "$archive"
  grep "  $archive\$" "$work/SHA256SUMS" >"$work/sum"
  (cd "$work" && sha256sum --check --status sum) || die 1 "$archive is not what SHA256SUMS says: it was damaged or exchanged on its way; nothing was installed."
  tar -xzf "$work/$archive" -C "$work" --no-same-owner
}

# A folder a program, exchanged as one; the command is a link into it.
place() {
  program=runner-metrics-$1
  source=$work/$program-$version-$runtime
  install -d -m 755 "$library" /usr/local/bin
  rm -rf "$library/.$program.new" "$library/.$program.old"
  cp -r "$source" "$library/.$program.new"
  chown -R 0:0 "$library/.$program.new"
  if [ -e "$library/$program" ]; then mv "$library/$program" "$library/.$program.old"; fi
  mv "$library/.$program.new" "$library/$program"
  rm -rf "$library/.$program.old"
  ln -sf "$library/$program/$program" "/usr/local/bin/$program"
}

install_exporter() {
  place exporter
  if ! getent passwd runner-metrics >/dev/null; then
    shell=/usr/sbin/nologin
    [ -e "$shell" ] || shell=/sbin/nologin
    useradd --system --user-group --no-create-home --home-dir /var/lib/runner-metrics --shell "$shell" runner-metrics
  fi
  install -d -m 755 /etc/runner-metrics "$units"
  install -d -m 750 -o runner-metrics -g runner-metrics /var/lib/runner-metrics
  [ -e /etc/runner-metrics/exporter.env ] || install -m 644 "$source/exporter.env" /etc/runner-metrics/exporter.env
  install -m 644 "$source/runner-metrics-exporter.service" "$units/"
  if runs_systemd; then
    systemctl daemon-reload
    systemctl enable --quiet runner-metrics-exporter
    [ -z "$start" ] || systemctl restart runner-metrics-exporter
  fi
}

install_agent() {
  place agent
  install -d -m 755 /usr/local/sbin "$units" /etc/runner-metrics/agents
  install -m 644 "$source/runner-metrics-agent@.service" "$units/"
  install -m 755 "$source/runner-metrics-agent-setup" /usr/local/sbin/
  if runs_systemd; then systemctl daemon-reload; fi
  if [ -n "$start" ]; then
    set -- --collector "$collector"
    [ -z "$token_file" ] || set -- "$@" --token-file "$token_file"
    /usr/local/sbin/runner-metrics-agent-setup "$@"
    if runs_systemd; then systemctl try-restart 'runner-metrics-agent@*.service'; fi
  fi
}

install_standalone() { place standalone; }

finish() {
  say "RunnerMetrics $version:$(for component in $components; do printf ' %s' "$component"; done) for $runtime."
  case $components in *exporter*) ;; *) return ;; esac
  if ! runs_systemd; then
    say "systemd does not run here. The exporter is started by: runuser -u runner-metrics -- runner-metrics-exporter --data /var/lib/runner-metrics"
  elif [ -n "$start" ]; then
    tries=0
    until runner-metrics-exporter health >/dev/null 2>&1; do
      tries=$((tries + 1))
      [ $tries -lt 30 ] || die 1 "the exporter does not answer after 30 s: journalctl -u runner-metrics-exporter says why."
      sleep 1
    done
    say "the exporter runs: http://127.0.0.1:9091/metrics"
  fi
}

uninstall_all() {
  if runs_systemd; then
    systemctl disable --now --quiet runner-metrics-exporter 2>/dev/null || true
    systemctl stop 'runner-metrics-agent@*.service' 2>/dev/null || true
  fi
  rm -f "$units/runner-metrics-exporter.service" "$units/runner-metrics-agent@.service"
  rm -f "$units/multi-user.target.wants/runner-metrics-exporter.service" "$units"/multi-user.target.wants/runner-metrics-agent@*.service
  rm -rf "$units"/runner-metrics-agent@*.service.d
  rm -f /usr/local/bin/runner-metrics-exporter /usr/local/bin/runner-metrics-agent /usr/local/bin/runner-metrics-standalone /usr/local/sbin/runner-metrics-agent-setup
  rm -rf "$library"
  if runs_systemd; then systemctl daemon-reload; fi
  if [ -n "$purge" ]; then
    rm -rf /etc/runner-metrics /var/lib/runner-metrics /var/lib/runner-metrics-agent
    if getent passwd runner-metrics >/dev/null; then userdel runner-metrics; fi
    say "removed, with its data and settings."
  else
    say "removed. Data is still in /var/lib/runner-metrics, settings in /etc/runner-metrics: --uninstall --purge removes them too."
  fi
}

# At the end, so that a download that was cut runs nothing.
main "$@"
