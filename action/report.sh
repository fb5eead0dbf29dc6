#!/usr/bin/env bash
# Run by action.yml with its inputs as variables: finds or downloads the agent, and reports with it. Text that comes from a workflow is only ever an argument.
set -euo pipefail

# A workflow command is one line.
annotate() { printf '::%s title=RunnerMetrics::%s\n' "$1" "$(printf '%s' "$2" | tr '\r\n' '  ')"; }

give_up() {
  if [ "$FAIL_ON_ERROR" = true ]; then
    annotate error "$1"
    exit 1
  fi
  annotate warning "$1"
  exit 0
}

wrong() { annotate error "$1"; exit 2; }

folder=$(mktemp -d "${RUNNER_TEMP:-/tmp}/runner-metrics.XXXXXX")
trap 'rm -rf "$folder"' EXIT

arguments=()
add() { [ -z "$2" ] || arguments+=("$1" "$2"); }

case $REPORT in
  deployment)
    case $STATE in
      pending | in_progress | success | failure) ;;
      cancelled)
        annotate notice "The job was cancelled: whether the deployment took place is not known, so nothing is reported."
        exit 0
        ;;
      *) wrong "state '$STATE' is not pending, in_progress, success or failure." ;;
    esac
    if [ -z "$COMMITTED_AT" ] && [ -n "${GITHUB_SHA-}" ]; then
      COMMITTED_AT=$(git log -1 --format=%cI "$GITHUB_SHA" 2>/dev/null) || COMMITTED_AT=''
    fi
    arguments=(deployment report --state "$STATE" --environment "$ENVIRONMENT")
    add --id "$ID"
    add --committed-at "$COMMITTED_AT"
    add --oldest-committed-at "$OLDEST_COMMITTED_AT"
    [ "$REWORK" != true ] || arguments+=(--rework)
    ;;
  incident)
    [ -n "$ID" ] || wrong "an incident needs an id, such as the number of its issue."
    arguments=(incident report --id "$ID" --environment "$ENVIRONMENT")
    add --deployment-id "$DEPLOYMENT_ID"
    [ "$RESOLVED" != true ] || arguments+=(--resolved)
    ;;
  cache)
    if [ -z "$HITS$MISSES" ]; then
      if [ "$CACHE_HIT" = true ]; then HITS=1 MISSES=0; else HITS=0 MISSES=1; fi
    fi
    arguments=(cache report --type "$CACHE_TYPE" --hits "${HITS:-0}" --misses "${MISSES:-0}")
    [ -n "${RUNNER_METRICS_HOOKS-}" ] || give_up "the runner has no hook folder (RUNNER_METRICS_HOOKS), so no agent would see the report: docs/runners.md says how to set one up."
    ;;
  *) wrong "report '$REPORT' is not deployment, cache or incident." ;;
esac

if [ "$REPORT" != cache ]; then
  [ -z "$COLLECTOR" ] || export RUNNER_METRICS_COLLECTOR=$COLLECTOR
  [ -n "${RUNNER_METRICS_COLLECTOR-}" ] || wrong "no collector is known: give the input collector, or set RUNNER_METRICS_COLLECTOR in the runner's environment."
  if [ -n "$TOKEN" ]; then
    (umask 077 && printf '%s\n' "$TOKEN" >"$folder/token")
    export RUNNER_METRICS_TOKEN_FILE=$folder/token
  fi
fi

# An agent that the runner has is used; else the release's, checked and kept for the next job.
agent=$(command -v runner-metrics-agent || true)
if [ -z "$agent" ]; then
  version=${AGENT_VERSION:-$(cat "$GITHUB_ACTION_PATH/../VERSION")}
  case $(uname -s)-$(uname -m) in
    Linux-x86_64) runtime=linux-x64 ;;
    Linux-aarch64) runtime=linux-arm64 ;;
    *) give_up "there is an agent for Linux on x86_64 and aarch64 only, and this is $(uname -s) on $(uname -m)." ;;
  esac
  kept=${RUNNER_TOOL_CACHE:-$folder}/runner-metrics-agent/$version/$runtime
  agent=$kept/runner-metrics-agent
  if [ ! -x "$agent" ]; then
    archive=runner-metrics-agent-$version-$runtime.tar.gz
    url=${RUNNER_METRICS_RELEASE_URL:-${GITHUB_SERVER_URL:-https://github.com}/$ACTION_REPOSITORY/releases/download/v$version}
    for file in SHA256SUMS "$archive"; do
      curl --fail --silent --show-error --location --retry 3 --output "$folder/$file" "$url/$file" || give_up "$url/$file could not be downloaded."
    done
    (cd "$folder" && grep "  $archive\$" SHA256SUMS | sha256sum --check --status) || give_up "$archive is not what SHA256SUMS says."
    mkdir -p "$folder/unpacked" "$(dirname "$kept")"
    tar -xzf "$folder/$archive" -C "$folder/unpacked" --strip-components 1
    # Two jobs of one machine may do this at once: the first one's stays.
    mv -T "$folder/unpacked" "$kept" 2>/dev/null || [ -x "$agent" ] || give_up "$kept could not be written."
  fi
fi

if said=$("$agent" "${arguments[@]}" 2>&1); then
  printf '%s\n' "$said"
else
  give_up "the $REPORT was not reported: $said"
fi
