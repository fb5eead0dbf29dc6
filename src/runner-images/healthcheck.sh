#!/bin/bash
# Healthy: the agent runs and, if the exporter runs here too, it answers.
state=/var/lib/runner-metrics/run
[ -s "$state/agent" ] && kill -0 "$(<"$state/agent")" || exit 1
[ -s "$state/exporter" ] || exit 0
exec 3<>"/dev/tcp/127.0.0.1/$(<"$state/exporter")" || exit 1
printf 'GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
read -r -t 4 _ status _ <&3
[ "$status" = 200 ]
