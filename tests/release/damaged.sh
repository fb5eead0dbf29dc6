# A download that is not what SHA256SUMS says installs nothing. In /shared: a release with a damaged tarball.
status=0
curl -fsS http://127.0.0.1:8000/acme/RunnerMetrics/releases/latest/download/install.sh | sh || status=$?
echo "status $status, installed: $(find /usr/local /etc -name '*runner-metrics*' | wc -l)"
