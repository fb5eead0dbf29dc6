# On a clean machine: install.sh, the exporter, an agent beside a simulated runner, and a job in /metrics; then all of it gone.
# In /shared: the release, and the program of the simulator.
url=http://127.0.0.1:8000/acme/RunnerMetrics/releases/latest/download
begin=$(date +%s%N)
useradd --create-home runner
install -d -o runner -g runner /home/runner/actions-runner /home/runner/actions-runner/_diag
echo '{ "agentName": "build 7", "gitHubUrl": "https://github.com/acme" }' >/home/runner/actions-runner/.runner

curl -fsS "$url/install.sh" | sh

runuser -u runner-metrics -- runner-metrics-exporter --data /var/lib/runner-metrics >/tmp/exporter.log 2>&1 &
runuser -u runner -- /shared/runner-metrics-simulator --diag /home/runner/actions-runner/_diag --runner-name 'build 7' --speed 200 >/dev/null 2>&1 &
settings=/etc/runner-metrics/agents/build-7.env
echo "settings: $(grep -c . "$settings")"
set -a
# shellcheck source=/dev/null
. "$settings"
set +a
runuser -u runner -- runner-metrics-agent run >/tmp/agent.log 2>&1 &
until curl -s "http://127.0.0.1:9091/metrics" | grep '^github_runner_jobs_total{runner_name="build 7".*} [1-9]'; do sleep 0.2; done
echo "a job in /metrics after $((($(date +%s%N) - begin) / 1000000)) ms"

systemd-analyze verify /etc/systemd/system/runner-metrics-exporter.service /etc/systemd/system/runner-metrics-agent@build-7.service
echo "units: verified"
# A second installation keeps what was set, and leaves one agent.
echo 'RUNNER_METRICS_HISTORY=30d' >>/etc/runner-metrics/exporter.env
curl -fsS "$url/install.sh" | sh -s -- --collector http://127.0.0.1:1
echo "kept: $(tail -n 1 /etc/runner-metrics/exporter.env), $(grep COLLECTOR "$settings")"

kill %1 %2 %3
wait || true
curl -fsS "$url/install.sh" | sh -s -- --uninstall
echo "after the removal: $(find / -xdev -path /shared -prune -o -path /proc -prune -o -name '*runner-metrics*' -print | sort | tr '\n' ' ')"
curl -fsS "$url/install.sh" | sh -s -- --uninstall --purge
echo "after the purge: $(find / -xdev -path /shared -prune -o -path /proc -prune -o -name '*runner-metrics*' -print | sort | tr '\n' ' ')$(getent passwd runner-metrics || true)"
