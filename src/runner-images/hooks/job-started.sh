#!/bin/sh
# The job hooks of the Actions runner: ACTIONS_RUNNER_HOOK_JOB_STARTED names job-started.sh, ACTIONS_RUNNER_HOOK_JOB_COMPLETED job-completed.sh; both are
# this script, which depends on its own name. It leaves one small file for the agent in the hook folder: RUNNER_METRICS_HOOKS, or else its own folder.
#
# The runner waits for a hook without a limit, and fails the job if the hook fails. So nothing here fails, waits longer than 5 s, prints, or uses the
# network. With RUNNER_METRICS_HOOK_TRACEPARENT=true, job-started.sh gives the job's steps a TRACEPARENT, so that the spans of a build are part of its run's trace.
# With RUNNER_METRICS_HOOK_WAIT=true, job-completed.sh waits, within those 5 s, until the collector has the job's events so far: its start and
# its cache reports. The runner decides the job's conclusion after its hooks.
#
# Your own hook, set in RUNNER_METRICS_NEXT_STARTED_HOOK or RUNNER_METRICS_NEXT_COMPLETED_HOOK, runs afterwards: its output and exit code
# become the hook's. POSIX sh; the runner starts it as 'bash -e'.
case ${0##*/} in *completed*) event=job-completed ;; *) event=job-started ;; esac

# Adds KEY=VALUE to the text, the value cut to 512 bytes; a line end or a backslash in it becomes \n, \r or \\.
add() {
  value=$2
  [ -n "$value" ] || return 0
  if [ "${#value}" -gt 512 ]; then
    value=$(printf '%.512s' "$value")
  fi
  case $value in *[\\[:cntrl:]]*) escape ;; esac
  text="$text$1=$value
"
}

escape() {
  rest=$value
  value=
  newline='
'
  carriage_return=$(printf '\r')
  while :; do
    case $rest in *[\\"$newline$carriage_return"]*) ;; *) break ;; esac
    plain=${rest%%[\\"$newline$carriage_return"]*}
    rest=${rest#"$plain"}
    case $rest in
      "$newline"*) value="$value$plain\\n" ;;
      "$carriage_return"*) value="$value$plain\\r" ;;
      *) value="$value$plain\\\\" ;;
    esac
    rest=${rest#?}
  done
  value=$value$rest
}

# Writes TRACEPARENT to GITHUB_ENV, where the runner reads what the job's steps get. The trace is the run's, whose id follows from the run and its attempt; the
# parent is the job's span if the agent has left its id in the hook folder by now, else the run's.
trace() {
  left=$folder/${GITHUB_RUN_ID-}-${GITHUB_RUN_ATTEMPT-}.span
  case ${GITHUB_RUN_ID:-x}${GITHUB_RUN_ATTEMPT:-x} in *[!0-9]*) return ;; esac
  if [ $event = job-completed ]; then
    # What the agent left too late is not the next job's.
    rm -f "$left"
    return
  fi

  [ -z "${TRACEPARENT-}" ] && [ -f "${GITHUB_ENV-}" ] && [ -w "$GITHUB_ENV" ] && ! grep -q '^TRACEPARENT[=<]' "$GITHUB_ENV" || return
  hash "$GITHUB_RUN_ID${GITHUB_RUN_ATTEMPT}t"
  trace=${hash%"${hash#????????????????????????????????}"}
  hash "$GITHUB_RUN_ID${GITHUB_RUN_ATTEMPT}s"
  hash=${hash#????????????????}
  span=${hash%"${hash#????????????????}"}
  if [ -f "$left" ] && read -r given <"$left"; then
    rm -f "$left"
    case $given in *[!0-9a-f]* | 0000000000000000) ;; ????????????????) span=$given ;; esac
  fi

  [ ${#trace}${#span} = 3216 ] || return
  line="TRACEPARENT=00-$trace-$span-01
"
  size=$(wc -c <"$GITHUB_ENV") || return
  size=$((size))

  # Behind a line without an end. The runner skips an empty line.
  [ $size -eq 0 ] || line="
$line"
  printf %s "$line" >>"$GITHUB_ENV"

  # A part of a line, which a full disk leaves, fails the job.
  [ $(($(wc -c <"$GITHUB_ENV"))) -eq $((size + ${#line})) ] || dd if=/dev/null of="$GITHUB_ENV" bs=1 seek=$size
}

hash() {
  hash=$(printf %s "$1" | { sha256sum || shasum -a 256; })
}

# Runs in a separate process, which it ends, and which is killed if it takes too long.
write() {
  LC_ALL=C
  now=$1
  case ${RUNNER_METRICS_HOOKS-} in
    '') case $0 in */*) folder=${0%/*} ;; *) folder=. ;; esac ;;
    -*) folder=./$RUNNER_METRICS_HOOKS ;;
    *) folder=$RUNNER_METRICS_HOOKS ;;
  esac

  # The job may have changed the PATH.
  PATH=/usr/bin:/bin:$PATH
  case ${RUNNER_METRICS_HOOK_TRACEPARENT-} in true | 1) trace ;; esac
  [ -d "$folder" ] && [ -w "$folder" ] || return

  # Without an agent, the files must not pile up.
  set -- "$folder"/*.hook
  [ $# -lt 1000 ] || return

  # Only these variables are written.
  text='runner-metrics-hook 1
'
  add EVENT "$event"
  add TIME "$now"
  add RUNNER_NAME "${RUNNER_NAME-}"
  add GITHUB_SERVER_URL "${GITHUB_SERVER_URL-}"
  add GITHUB_REPOSITORY "${GITHUB_REPOSITORY-}"
  add GITHUB_WORKFLOW "${GITHUB_WORKFLOW-}"
  add GITHUB_RUN_ID "${GITHUB_RUN_ID-}"
  add GITHUB_RUN_ATTEMPT "${GITHUB_RUN_ATTEMPT-}"
  add GITHUB_JOB "${GITHUB_JOB-}"
  waits=
  case $event-${RUNNER_METRICS_HOOK_WAIT-} in job-completed-true | job-completed-1) waits=true ;; esac
  add WAITS "$waits"

  # Concurrent hooks have different process ids, and later ones another time or run.
  name=$event-$$-$now
  case ${GITHUB_RUN_ID-} in '' | *[!0-9]* | ????????????????????*) ;; *) name=$name-$GITHUB_RUN_ID ;; esac
  umask 022
  set -C
  if printf '%send\n' "$text" >"$folder/.$name.new"; then
    # The agent answers with a file.
    if [ "$waits" = true ]; then
      mv -f "$folder/.$name.new" "$folder/$name.hook" || return
      tries=0
      while [ ! -e "$folder/$name.ack" ] && [ $tries -lt 50 ]; do
        sleep 0.1 || return
        tries=$((tries + 1))
      done
      return
    fi
    exec mv -f "$folder/.$name.new" "$folder/$name.hook"
  fi
  exec rm -f "$folder/.$name.new"
}

set +e
if [ "${1-}" = --write ]; then
  write "${2-}"
  exit 0
fi

# bash answers 1; in the mode of another shell, 0; other shells do not know this command.
# shellcheck disable=SC3044
shopt -oq posix 2>/dev/null
if [ $? -eq 1 ]; then
  # It waits for its own child, for 5 s, without starting a program: the child has ended when no process holds the pipe any more.
  # shellcheck disable=SC3028
  case ${EPOCHSECONDS-} in *[!0-9]*) now= ;; *) now=${EPOCHSECONDS-} ;; esac
  { eval 'read -r -t 5 _ < <(write "$now" </dev/null)'; [ $? -le 128 ] || kill -KILL $!; } 2>/dev/null
else
  # Without a time: the file's own time is used.
  {
    PATH=/usr/bin:/bin:$PATH timeout -s KILL 5 /bin/sh "$0" --write </dev/null
    [ $? -ne 127 ] || /bin/sh "$0" --write </dev/null
  } >/dev/null 2>&1
fi

case $event in
  job-started) next=${RUNNER_METRICS_NEXT_STARTED_HOOK-} ;;
  *) next=${RUNNER_METRICS_NEXT_COMPLETED_HOOK-} ;;
esac
case $next in
  '') exit 0 ;;
  *.sh) exec bash -e "$next" ;;
  *) exec "$next" ;;
esac
