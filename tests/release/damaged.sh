# A download that is not what SHA256SUMS says installs nothing. In the environment: URL, of a release with a damaged tarball.
status=0
curl -fsS "$URL/install.sh" | sh -s -- --url "$URL" || status=$?
echo "status $status, installed: $(find /usr/local /etc -name '*runner-metrics*' | wc -l)"
