# On a clean machine: runs the commands of a document, /shared/commands/*.sh in the order of their names, each as it stands there. There is no systemd: between commands this
# starts what the units that are installed by then would, and waits until it is at work.
# In /shared: the release, the program of the simulator, and commands.
cat >/usr/local/bin/sudo <<'SUDO'
#!/bin/sh
if [ "$1" = -u ]; then
  user=$2
  shift 2
  exec runuser -u "$user" -- "$@"
fi
exec "$@"
SUDO
chmod 755 /usr/local/bin/sudo
useradd --create-home runner
install -d -o runner -g runner /home/runner/actions-runner /home/runner/actions-runner/_diag
runuser -u runner -- /shared/runner-metrics-simulator --diag /home/runner/actions-runner/_diag --runner-name build-7 --speed 200 >/dev/null 2>&1 &

metrics() { curl -fs http://127.0.0.1:9091/metrics; }
exporter='' agents=' '
start_units() {
  if [ -z "$exporter" ] && [ -e /etc/systemd/system/runner-metrics-exporter.service ]; then
    runuser -u runner-metrics -- runner-metrics-exporter --data /var/lib/runner-metrics >/tmp/exporter.log 2>&1 &
    exporter=$!
    until curl -fs http://127.0.0.1:9091/ready >/dev/null; do sleep 0.1; done
  fi
  for unit in /etc/systemd/system/multi-user.target.wants/runner-metrics-agent@*.service; do
    [ -e "$unit" ] || continue
    name=${unit##*@}
    name=${name%.service}
    case $agents in *" $name "*) continue ;; esac
    agents="$agents$name "
    (
      set -a
      # shellcheck source=/dev/null
      . "/etc/runner-metrics/agents/$name.env"
      exec runuser -u runner -- runner-metrics-agent run
    ) >/tmp/agent.log 2>&1 &
    until metrics | grep -q '^github_runner_jobs_total.* [1-9]'; do sleep 0.2; done
  done
}

for command in /shared/commands/*.sh; do
  echo "== $(cat "$command")"
  # As whoever types it: what fails ends it.
  bash -eo pipefail "$command"
  start_units
done
echo "== all ran; left: $(find /usr/local /etc/systemd -name '*runner-metrics*' | wc -l)"
