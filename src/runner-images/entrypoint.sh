#!/bin/sh
# Runs an Actions runner with the agent beside it, until the runner ends. POSIX sh; it restarts itself under tini.
#
#   RUNNER_MODE=github      registers a runner and runs it: RUNNER_URL, and RUNNER_TOKEN or RUNNER_TOKEN_FILE (a registration token);
#                           RUNNER_LABELS, RUNNER_GROUP, RUNNER_EPHEMERAL=true. At the end it is unregistered, by RUNNER_REMOVE_TOKEN or
#                           RUNNER_REMOVE_TOKEN_FILE, or else by the first token.
#   RUNNER_MODE=simulated   runs the simulator instead, which needs neither: RUNNER_METRICS_SPEED, RUNNER_METRICS_JOBS, RUNNER_METRICS_SEED,
#                           RUNNER_EPHEMERAL=true, RUNNER_METRICS_ORDERS (a folder: a file 'fail' or 'drain' in it is an order).
#
#   RUNNER_NAME             the name to register with: by default the container's host name.
#   RUNNER_METRICS_HOOK_WAIT=true
#                           the job-completed hook waits, for at most 5 s, until the exporter has the job's events.
#   RUNNER_METRICS_COLLECTOR, RUNNER_METRICS_TOKEN_FILE
#                           the exporter to report to. Without it, runner-metrics-standalone is agent and exporter, with /metrics on METRICS_PORT, 9091.
#   RUNNER_METRICS_FLUSH    how many seconds the agent may take to end, and then the last events to be delivered; 15.
#
# The agent does not affect the runner: if it ends, it is restarted, and the container exits with the runner's exit code.
set -u

say() { echo "entrypoint: $*" >&2; }

# A value, or the content of the file that VARIABLE_FILE names.
secret() {
  eval "value=\${$1-} file=\${$1_FILE-}"
  if [ -z "$value" ] && [ -n "$file" ]; then
    value=$(cat "$file") || exit 2
  fi
  printf '%s' "$value"
}

# Every process of the same user, also a job, can read a process's initial environment (/proc/PID/environ), whatever it unsets later. So no long-running process
# is started with the tokens: they come through a pipe, which is empty once they are read.
if [ "${1-}" != with-tokens ]; then
  token='' remove_token=''
  if [ "${RUNNER_MODE:-github}" = github ]; then
    token=$(secret RUNNER_TOKEN) || exit 2
    remove_token=$(secret RUNNER_REMOVE_TOKEN) || exit 2
  fi
  exec env -u RUNNER_TOKEN -u RUNNER_REMOVE_TOKEN tini -- /bin/sh "$0" with-tokens 3<<TOKENS
$token
$remove_token
TOKENS
fi
{ read -r token; read -r remove_token; } <&3
exec 3<&-

# Stops what keep_running runs, first with SIGTERM, then with SIGKILL.
# shellcheck disable=SC2317
end_child() {
  trap '' TERM INT
  if [ -n "$child" ]; then
    kill -TERM "$child" 2>/dev/null
    (sleep "$RUNNER_METRICS_FLUSH"; kill -KILL "$child" 2>/dev/null) &
    wait "$child" 2>/dev/null
    kill $! 2>/dev/null
  fi
  exit 0
}

# Restarts a program whenever it ends, until it is told to stop.
keep_running() {
  child=
  trap end_child TERM INT
  while :; do
    # For less memory; the runner's jobs do not get these.
    MALLOC_ARENA_MAX=1 "$@" &
    child=$!
    wait "$child"
    say "$(basename "$1") ended with $?; it is started again in 5 s."
    sleep 5 &
    child=$!
    wait "$child"
  done
}

RUNNER_NAME=${RUNNER_NAME:-$(hostname)}
RUNNER_METRICS_FLUSH=${RUNNER_METRICS_FLUSH:-15}
state=${RUNNER_METRICS_STATE:-/var/lib/runner-metrics}
mkdir -p "$RUNNER_METRICS_DIAG" "$RUNNER_METRICS_HOOKS" "$RUNNER_METRICS_SPOOL" "$state/run"
rm -f "$state/run/agent" "$state/run/exporter"
export RUNNER_NAME

case ${RUNNER_MODE:-github} in
  github)
    if [ -z "${RUNNER_URL-}" ]; then
      say "RUNNER_URL is missing: give https://github.com/OWNER or https://github.com/OWNER/REPOSITORY, or set RUNNER_MODE=simulated."
      exit 2
    fi
    if [ -z "$token" ] && [ ! -f .runner ]; then
      say "RUNNER_TOKEN is missing: give a registration token, in it or in a file that RUNNER_TOKEN_FILE names."
      exit 2
    fi
    ;;
  simulated) ;;
  *)
    say "RUNNER_MODE must be github or simulated; it is '$RUNNER_MODE'."
    exit 2
    ;;
esac

# The runner has one script for each hook: an existing one runs after ours.
hooks=/opt/runner-metrics/hooks
if [ "${ACTIONS_RUNNER_HOOK_JOB_STARTED:-$hooks/job-started.sh}" != "$hooks/job-started.sh" ]; then
  export RUNNER_METRICS_NEXT_STARTED_HOOK="$ACTIONS_RUNNER_HOOK_JOB_STARTED"
fi
if [ "${ACTIONS_RUNNER_HOOK_JOB_COMPLETED:-$hooks/job-completed.sh}" != "$hooks/job-completed.sh" ]; then
  export RUNNER_METRICS_NEXT_COMPLETED_HOOK="$ACTIONS_RUNNER_HOOK_JOB_COMPLETED"
fi
export ACTIONS_RUNNER_HOOK_JOB_STARTED="$hooks/job-started.sh" ACTIONS_RUNNER_HOOK_JOB_COMPLETED="$hooks/job-completed.sh"

agent_command="runner-metrics-agent run"
if [ -z "${RUNNER_METRICS_COLLECTOR-}" ]; then
  # Only for the agents of this container: the network can reach only /metrics.
  agent_command="runner-metrics-standalone"
  export RUNNER_METRICS_DATA="$state/data" RUNNER_METRICS_BIND="${RUNNER_METRICS_BIND:-0.0.0.0}"
  echo "${METRICS_PORT:-9091}" >"$state/run/exporter"
fi

# shellcheck disable=SC2086
keep_running $agent_command &
agent=$!
echo "$agent" >"$state/run/agent"

# The runner, with SIGTERM forwarded: run.sh forwards it to the listener only if it is told to.
runner=
stopping=
# shellcheck disable=SC2317
stop() {
  stopping=1
  [ -z "$runner" ] || kill -TERM "$runner" 2>/dev/null
}
trap stop TERM INT

wait_for_runner() {
  wait "$runner"
  status=$?
  # A signal ends the wait, not the runner.
  while kill -0 "$runner" 2>/dev/null; do
    wait "$runner"
    status=$?
  done
}

status=0
if [ "${RUNNER_MODE:-github}" = simulated ]; then
  set --
  [ "${RUNNER_EPHEMERAL-}" != true ] || set -- --ephemeral
  runner-metrics-simulator "$@" &
  runner=$!
  wait_for_runner
else
  set -- --unattended --replace --url "$RUNNER_URL" --name "$RUNNER_NAME"
  [ -z "${RUNNER_LABELS-}" ] || set -- "$@" --labels "$RUNNER_LABELS"
  [ -z "${RUNNER_GROUP-}" ] || set -- "$@" --runnergroup "$RUNNER_GROUP"
  [ "${RUNNER_EPHEMERAL-}" != true ] || set -- "$@" --ephemeral
  # No secret is in an argument, or in an environment that a job can read.
  if [ ! -f .runner ]; then
    ACTIONS_RUNNER_INPUT_TOKEN=$token ./config.sh "$@" || status=1
  fi
  if [ "$status" = 0 ] && [ -z "$stopping" ]; then
    RUNNER_MANUALLY_TRAP_SIG=1 ./run.sh &
    runner=$!
    wait_for_runner
  fi
  # An ephemeral runner has removed itself.
  if [ -f .runner ]; then
    ACTIONS_RUNNER_INPUT_TOKEN=${remove_token:-$token} ./config.sh remove || say "The runner could not be unregistered; GitHub shows it as offline."
  fi
fi

# The last events are delivered before the container ends, within the limit; the rest stays in the spool.
runner=
rm -f "$state/run/agent"
kill -TERM "$agent" 2>/dev/null
wait "$agent"
# shellcheck disable=SC2086
timeout "$RUNNER_METRICS_FLUSH" $agent_command --once || say "The last events were not delivered; they wait in $RUNNER_METRICS_SPOOL."
exit "$status"
