#!/bin/sh
# Generates the files that the Kubernetes monitoring component needs from dashboards/: one PrometheusRule per rule file, and the list of dashboards.
#   deploy/kubernetes/generate.sh           writes the files
#   deploy/kubernetes/generate.sh --check   exits with 1 if the files are not up to date
# A PrometheusRule's spec is a whole rule file. kustomize must not read a file above its own folder, but may build another folder:
# so the dashboards' kustomization.yaml is in the dashboards' folder, and no dashboard is stored twice.
set -eu
cd "$(dirname "$0")/../.."
generated=deploy/kubernetes/components/monitoring/generated
dashboards=dashboards/grafana
note='# Written by deploy/kubernetes/generate.sh; do not edit by hand.'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/generated" "$work/grafana"

kustomization() {
  printf '%s\napiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n' "$note"
}

list="$work/generated/kustomization.yaml"
kustomization >"$list"
echo 'resources:' >>"$list"
for file in dashboards/prometheus/rules/*.yml; do
  # Kubernetes allows no underscore in a name.
  name=$(basename "$file" .yml | tr _ -)
  echo "  - $name.yaml" >>"$list"
  {
    printf '%s\napiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata:\n' "$note"
    printf '  name: runner-metrics-%s\n  labels:\n    app.kubernetes.io/name: runner-metrics-exporter\nspec:\n' "$name"
    sed 's/^\(.\)/  \1/' "$file"
  } >"$work/generated/$name.yaml"
done

if [ -n "$(find "$dashboards" -maxdepth 1 -name '*.json' 2>/dev/null)" ]; then
  echo "  - ../../../../../$dashboards" >>"$list"
  {
    kustomization
    # Grafana's sidecar identifies dashboards by this name, so it must not change with the content. A ConfigMap holds up to 1 MiB.
    printf 'generatorOptions:\n  disableNameSuffixHash: true\n  labels:\n    grafana_dashboard: "1"\nconfigMapGenerator:\n'
    for file in "$dashboards"/*.json; do
      name=$(basename "$file" .json)
      printf -- '  - name: runner-metrics-dashboard-%s\n    files: [%s.json]\n' "$name" "$name"
    done
  } >"$work/grafana/kustomization.yaml"
fi

if [ "${1-}" = --check ]; then
  diff -r "$work/generated" "$generated"
  [ ! -f "$work/grafana/kustomization.yaml" ] || diff "$work/grafana/kustomization.yaml" "$dashboards/kustomization.yaml"
else
  rm -rf "$generated"
  cp -R "$work/generated" "$generated"
  [ ! -f "$work/grafana/kustomization.yaml" ] || cp "$work/grafana/kustomization.yaml" "$dashboards/kustomization.yaml"
fi
