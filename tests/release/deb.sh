# On a clean machine: the packages in /shared installed, started, upgraded, removed and purged.
architecture=$(dpkg --print-architecture)
exporter=$(echo /shared/release/runner-metrics-exporter_*_"$architecture".deb) agent=$(echo /shared/release/runner-metrics-agent_*_"$architecture".deb)
url=http://127.0.0.1:9091
start() {
  command=$(sed -n 's/^ExecStart=//p' /usr/lib/systemd/system/runner-metrics-exporter.service)
  # shellcheck disable=SC2086 # a command line
  runuser -u runner-metrics -- $command >/tmp/exporter.log 2>&1 &
  until curl -fs "$url/ready" >/dev/null; do sleep 0.1; done
}
jobs_counted() { curl -fs "$url/metrics" | awk '/^github_runner_jobs_total/ { sum += $2 } END { print sum + 0 }'; }

dpkg --install "$exporter" "$agent" >/tmp/dpkg.log 2>&1 || { cat /tmp/dpkg.log; exit 1; }
echo "installed: $(dpkg-query --show --showformat '${Package} ${Version} ${db:Status-Status}; ' 'runner-metrics-*')"
echo "user: $(getent passwd runner-metrics | cut -d : -f 6,7), data: $(stat -c '%U %a' /var/lib/runner-metrics)"
echo "enabled: $(readlink /etc/systemd/system/multi-user.target.wants/runner-metrics-exporter.service)"
systemd-analyze verify runner-metrics-exporter.service
useradd --create-home runner
install -d -o runner -g runner /home/runner/actions-runner/_diag && chown -R runner /home/runner
runner-metrics-agent-setup --collector "http://127.0.0.1:9095" --type chrome /home/runner/actions-runner
systemd-analyze verify runner-metrics-agent@actions-runner.service
echo "units: verified"

start
runuser -u runner -- /shared/runner-metrics-simulator --diag /home/runner/actions-runner/_diag --runner-name build-7 --speed 500 --jobs 3 >/tmp/simulator.log 2>&1 || { cat /tmp/simulator.log; exit 1; }
set -a
# shellcheck source=/dev/null
. /etc/runner-metrics/agents/actions-runner.env
set +a
# It gives up after seconds, keeps what it has, and is started again.
for try in 1 2 3 4 5; do
  runuser -u runner -- runner-metrics-agent run --once >/tmp/agent.log 2>&1 && break
  [ "$try" -lt 5 ] || { cat /tmp/agent.log; exit 1; }
done
echo "jobs: $(jobs_counted)"
kill %1; wait || true

echo '#changed' >>/etc/runner-metrics/exporter.env
mkdir /tmp/new && dpkg-deb --raw-extract "$exporter" /tmp/new/tree && sed -i 's/^Version: .*/&+test/' /tmp/new/tree/DEBIAN/control
echo '# a new default' >>/tmp/new/tree/etc/runner-metrics/exporter.env
dpkg-deb --root-owner-group -Zgzip -z1 --build /tmp/new/tree /tmp/new/new.deb >/dev/null
dpkg --install --force-confold /tmp/new/new.deb >/tmp/dpkg.log 2>&1 || { cat /tmp/dpkg.log; exit 1; }
start
echo "upgraded to $(dpkg-query --show --showformat '${Version}' runner-metrics-exporter), jobs: $(jobs_counted), settings: $(tail -n 1 /etc/runner-metrics/exporter.env)"
kill %1; wait || true

dpkg --remove runner-metrics-exporter runner-metrics-agent >/tmp/dpkg.log 2>&1 || { cat /tmp/dpkg.log; exit 1; }
echo "removed, programs: $(find /usr -name 'runner-metrics*' | wc -l), store: $(find /var/lib/runner-metrics -name store.db | wc -l), settings: $(find /etc/runner-metrics -type f | wc -l)"
dpkg --purge runner-metrics-exporter runner-metrics-agent >/tmp/dpkg.log 2>&1 || { cat /tmp/dpkg.log; exit 1; }
echo "purged: $(find / -xdev -path /shared -prune -o -path /proc -prune -o -path /tmp -prune -o -path /var/lib/dpkg -prune -o -name '*runner-metrics*' -print | tr '\n' ' ')$(getent passwd runner-metrics || true)"
