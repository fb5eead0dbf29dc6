#!/usr/bin/env bash
# Builds what a release consists of, with the same bytes each time: the same commit and programs give the same SHA256SUMS.
#   ./build-release.sh                           to out/release, for linux-x64, and for linux-arm64 where its linker is installed
#     --output DIR          where to; what is there is replaced
#     --published DIR       published programs, one folder a program (Exporter, Agent, Standalone), as tests/publish.sh makes them; what is missing is published there.
#                           Default: out/published; those of linux-arm64 are in DIR-linux-arm64
#     --runtime NAME        linux-x64 or linux-arm64, once for each that is wanted; one that is named and cannot be built is an error
#     --url URL             where install.sh downloads from, https://github.com/OWNER/REPOSITORY/releases/download; the chart takes its images from that repository's registry
#     --no-sbom             without the SBOM, which needs the package feed
#     --tools               with the .NET tool packages; their programs for the .NET runtime are in DIR-any
# Needs: tar, gzip, zip, dpkg-deb, sha256sum; to publish the .NET SDK, clang and zlib's headers. SOURCE_DATE_EPOCH is the time of every file; default: that of the commit.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export LC_ALL=C TZ=UTC DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
umask 022

fail() { echo "build-release.sh: $*" >&2; exit 1; }
note() { echo "build-release.sh: $*"; }

output=out/release published=out/published url='' sbom=1 tools='' runtimes=()
while [ $# -gt 0 ]; do
  case $1 in
    --output | --published | --runtime | --url)
      [ $# -ge 2 ] || fail "$1 needs a value."
      case $1 in --output) output=$2 ;; --published) published=$2 ;; --url) url=$2 ;; *) runtimes+=("$2") ;; esac
      shift
      ;;
    --no-sbom) sbom='' ;;
    --tools) tools=1 ;;
    *) fail "$1 is not an option: --output, --published, --runtime, --url, --no-sbom, --tools." ;;
  esac
  shift
done
for program in tar gzip zip dpkg-deb sha256sum; do
  command -v "$program" >/dev/null || fail "$program is missing: apt-get install tar gzip zip dpkg coreutils"
done

version=$(cat VERSION)
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What a program's package brings beside it. The store's library stands beside the programs that keep events.
programs=(Exporter Agent Standalone)
name_of() { echo "runner-metrics-$(tr '[:upper:]' '[:lower:]' <<<"$1")"; }
native_of() { [ "$1" = Agent ] || echo libe_sqlite3.so; }

folder_of() { case $1 in linux-x64) echo "$published" ;; *) echo "$published-$1" ;; esac; }

host() { case $(uname -m) in aarch64) echo linux-arm64 ;; *) echo linux-x64 ;; esac; }

can_publish() { [ "$1" = "$(host)" ] || { [ "$1" = linux-arm64 ] && command -v aarch64-linux-gnu-objcopy >/dev/null; }; }

# Programs that were published already are taken as they are.
publish() {
  local runtime=$1 name folder
  folder=$(folder_of "$runtime")
  for name in "${programs[@]}"; do
    [ ! -x "$folder/$name/$(name_of "$name")" ] || continue
    can_publish "$runtime" || return 1
    note "publishing $name for $runtime"
    dotnet publish "src/RunnerMetrics.$name" --runtime "$runtime" --artifacts-path out/artifacts --output "$folder/$name" -v q -nologo || fail "$name was not published for $runtime."
  done
}

# What the .NET tools bring to a platform that nothing is compiled for.
publish_portable() {
  local name
  for name in Exporter Agent; do
    [ ! -f "$published-any/$name/$(name_of "$name").dll" ] || continue
    note "publishing $name for the .NET runtime"
    dotnet publish "src/RunnerMetrics.$name" -p:PublishAot=false -p:UseAppHost=false --artifacts-path out/artifacts --output "$published-any/$name" -v q -nologo || fail "$name was not published for the .NET runtime."
  done
}

# What is linked on a newer system would not start on an older one.
check_glibc() {
  local file=$1 runtime=$2 objdump=objdump newest
  [ "$runtime" = "$(host)" ] || objdump=aarch64-linux-gnu-objdump
  command -v "$objdump" >/dev/null || { note "$objdump is missing (binutils): which glibc $file needs was not checked."; return 0; }
  newest=$("$objdump" -T "$file" | grep -o 'GLIBC_2\.[0-9]*' | sort -uV | tail -n 1)
  [ "$(printf '%s\nGLIBC_2.34\n' "$newest" | sort -V | tail -n 1)" = GLIBC_2.34 ] || fail "$file needs glibc ${newest#GLIBC_}, and a release is to run with 2.34: build it on an older system (Debian 12, Ubuntu 22.04)."
}

# Every file of a tree gets the release's time, and only the modes that packages have.
settle() {
  find "$1" -type d -exec chmod 755 {} +
  find "$1" -type f -perm -u+x -exec chmod 755 {} +
  find "$1" -type f ! -perm -u+x -exec chmod 644 {} +
  find "$1" -exec touch --no-dereference --date "@$SOURCE_DATE_EPOCH" {} +
}

# pack TREE FILE: the folder TREE as a tarball whose bytes depend on names, modes and contents alone.
pack() {
  settle "$1"
  tar --create --sort=name --owner=0 --group=0 --numeric-owner --format=gnu --mtime "@$SOURCE_DATE_EPOCH" --directory "$(dirname "$1")" "$(basename "$1")" | gzip --no-name -9 >"$output/$2"
}

program_files() {
  local folder name=$1 runtime=$2 into=$3 native
  folder=$(folder_of "$runtime")/$name
  mkdir -p "$into"
  check_glibc "$folder/$(name_of "$name")" "$runtime"
  install -m 755 "$folder/$(name_of "$name")" "$into/"
  native=$(native_of "$name")
  [ -z "$native" ] || install -m 644 "$folder/$native" "$into/"
}

notices() { mkdir -p "$1" && cp LICENSE THIRD-PARTY-NOTICES.txt "$1/" && cp docs/dependencies.md "$1/DEPENDENCIES.md"; }

tarball() {
  local name=$1 runtime=$2 tree
  tree=$work/$(name_of "$name")-$version-$runtime
  program_files "$name" "$runtime" "$tree"
  notices "$tree"
  case $name in
    Exporter) cp deploy/systemd/runner-metrics-exporter.service deploy/debian/exporter/exporter.env "$tree/" ;;
    Agent)
      cp deploy/systemd/runner-metrics-agent@.service deploy/systemd/runner-metrics-agent-setup "$tree/"
      cp -r src/runner-images/hooks "$tree/hooks"
      ;;
  esac
  pack "$tree" "$(basename "$tree").tar.gz"
}

# One folder of /usr/lib a package: the program finds what stands beside it, and nothing of it lies on the PATH.
deb() {
  local name=$1 runtime=$2 program architecture tree
  program=$(name_of "$name")
  case $runtime in linux-x64) architecture=amd64 ;; *) architecture=arm64 ;; esac
  tree=$work/deb/$program-$architecture
  program_files "$name" "$runtime" "$tree/usr/lib/$program"
  mkdir -p "$tree/usr/bin" "$tree/usr/lib/systemd/system" "$tree/DEBIAN"
  ln -s "../lib/$program/$program" "$tree/usr/bin/$program"
  notices "$tree/usr/share/doc/$program"
  mv "$tree/usr/share/doc/$program/LICENSE" "$tree/usr/share/doc/$program/copyright"
  case $name in
    Exporter)
      sed 's#/usr/local/bin/#/usr/bin/#; s#^\# /etc/systemd/system/#\# #' deploy/systemd/runner-metrics-exporter.service >"$tree/usr/lib/systemd/system/runner-metrics-exporter.service"
      mkdir -p "$tree/etc/runner-metrics" && cp deploy/debian/exporter/exporter.env "$tree/etc/runner-metrics/"
      ;;
    Agent)
      sed 's#/usr/local/bin/#/usr/bin/#; s#^\# /etc/systemd/system/#\# #' deploy/systemd/runner-metrics-agent@.service >"$tree/usr/lib/systemd/system/runner-metrics-agent@.service"
      mkdir -p "$tree/usr/sbin" && cp deploy/systemd/runner-metrics-agent-setup "$tree/usr/sbin/"
      cp -r src/runner-images/hooks "$tree/usr/lib/$program/hooks"
      ;;
  esac
  local source size
  source=deploy/debian/${program#runner-metrics-}
  size=$(find "$tree/usr" -type f -printf '%s\n' | awk '{ sum += $1 } END { printf "%d", (sum + 1023) / 1024 }')
  sed "s/@VERSION@/$version/; s/@ARCHITECTURE@/$architecture/; s/@SIZE@/$size/" "$source/control" >"$tree/DEBIAN/control"
  for file in postinst prerm postrm; do install -m 755 "$source/$file" "$tree/DEBIAN/$file"; done
  [ ! -f "$source/conffiles" ] || cp "$source/conffiles" "$tree/DEBIAN/"
  settle "$tree"
  dpkg-deb --root-owner-group -Zgzip -z9 --build "$tree" "$output/${program}_${version}_$architecture.deb" >/dev/null
}

# What Prometheus, Alertmanager and Grafana are given, as it stands in the repository.
dashboards() {
  local tree=$work/runner-metrics-dashboards-$version
  mkdir -p "$tree"
  cp -r dashboards/grafana dashboards/import dashboards/prometheus dashboards/alertmanager "$tree/"
  rm -rf "$tree/prometheus/tests" "$tree/grafana/kustomization.yaml"
  cp LICENSE docs/grafana.md docs/alerting.md "$tree/"
  settle "$tree"
  (cd "$work" && find "$(basename "$tree")" -type f | sort | zip -q -X -9 -@ "$work/dashboards.zip")
  mv "$work/dashboards.zip" "$output/$(basename "$tree").zip"
}

chart() {
  [ -d deploy/helm/runner-metrics ] || return 0
  cp -rL deploy/helm/runner-metrics "$work/runner-metrics"
  # The registry's names are in small letters, whatever the repository's are.
  if [[ $url =~ ([^/]+)/([^/]+)/releases/download$ ]]; then
    local owner=${BASH_REMATCH[1],,} repository=${BASH_REMATCH[2],,}
    sed -i "s|ghcr.io/OWNER/runnermetrics/|ghcr.io/$owner/$repository/|; s|ghcr.io/OWNER/charts/|ghcr.io/$owner/charts/|" "$work/runner-metrics/values.yaml" "$work/runner-metrics/README.md"
  fi
  pack "$work/runner-metrics" "runner-metrics-$version.tgz"
}

installer() {
  sed "s|^version=.*|version=$version|${url:+; s|^url=.*|url=$url|}" install.sh >"$output/install.sh"
  chmod 755 "$output/install.sh"
}

# The tool gives each document a random serial number and the time at hand: in their place a number made of the content, and the release's time.
bill_of_materials() {
  dotnet tool restore >/dev/null || fail "the CycloneDX tool was not restored: it needs the package feed; --no-sbom leaves it out."
  local name file digest time
  time=$(date --utc --date "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)
  for name in "${programs[@]}"; do
    file=$(name_of "$name")-$version.cdx.json
    [ -f "src/RunnerMetrics.$name/obj/project.assets.json" ] || dotnet restore "src/RunnerMetrics.$name" -v q >&2
    dotnet tool run dotnet-CycloneDX "src/RunnerMetrics.$name/RunnerMetrics.$name.csproj" --output "$work/sbom" --filename "$file" --output-format Json --set-name "$(name_of "$name")" --set-version "$version" \
      --exclude-dev --disable-package-restore >"$work/sbom.log" || { cat "$work/sbom.log" >&2; fail "the bill of materials of $name was not made."; }
    sed -i -e '/"serialNumber":/d' -e "s/\"timestamp\": *\"[^\"]*\"/\"timestamp\": \"$time\"/" "$work/sbom/$file"
    digest=$(sha256sum <"$work/sbom/$file")
    sed "0,/\"version\": 1,/s//\"serialNumber\": \"urn:uuid:${digest:0:8}-${digest:8:4}-5${digest:13:3}-8${digest:17:3}-${digest:20:12}\",\n  \"version\": 1,/" "$work/sbom/$file" >"$output/$file"
  done
}

# Of the programs that were published: one package a platform, one for the .NET runtime on any other, and one without a platform's name that points to them.
tool_packages() {
  local name runtime
  publish_portable
  for name in Exporter Agent; do
    for runtime in "${built[@]}" any; do pack_tool "$name" --runtime "$runtime" -p:PublishDir="$(realpath "$(folder_of "$runtime")/$name")/"; done
    pack_tool "$name"
  done
}

pack_tool() {
  dotnet pack "src/RunnerMetrics.$1" "${@:2}" -p:NoBuild=true --configuration Release -p:PackTool=true --artifacts-path out/tools --output "$output" -v q -nologo || fail "a tool package of $1 was not built."
}

rm -rf "$output" && mkdir -p "$output"
output=$(cd "$output" && pwd)
wanted=("${runtimes[@]}")
[ ${#wanted[@]} -gt 0 ] || wanted=(linux-x64 linux-arm64)
built=()
for runtime in "${wanted[@]}"; do
  case $runtime in linux-x64 | linux-arm64) ;; *) fail "$runtime is no platform of a release: linux-x64, linux-arm64." ;; esac
  if ! publish "$runtime"; then
    [ ${#runtimes[@]} -eq 0 ] || fail "$runtime cannot be built here: apt-get install clang zlib1g-dev binutils-aarch64-linux-gnu libc6-dev-arm64-cross libgcc-12-dev-arm64-cross"
    note "$runtime is left out: its linker is not installed (docs/developing.md#publish)."
    continue
  fi
  for name in "${programs[@]}"; do tarball "$name" "$runtime"; done
  deb Exporter "$runtime"
  deb Agent "$runtime"
  built+=("$runtime")
done
[ ${#built[@]} -gt 0 ] || fail "nothing could be built."
dashboards
chart
installer
cp deploy/prometheus-scrape-example.yml "$output/"
[ -z "$sbom" ] || bill_of_materials
[ -z "$tools" ] || tool_packages
(cd "$output" && find . -maxdepth 1 -type f -printf '%f\n' | sort | xargs sha256sum >"$work/SHA256SUMS")
mv "$work/SHA256SUMS" "$output/SHA256SUMS"
note "$version for ${built[*]} is in $output:"
cat "$output/SHA256SUMS"
