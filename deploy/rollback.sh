#!/usr/bin/env bash
# Brings the exporter back to the version before, on Compose or Kubernetes. A backup of the store is taken first, by 'store backup', while the exporter runs.
#   deploy/rollback.sh compose IMAGE [--project NAME] [--file FILE]… [--backups DIR]
#   deploy/rollback.sh kubernetes [--namespace NAME] [--deployment NAME] [--helm RELEASE] [--revision N]
#     IMAGE                the version to go back to: runner-metrics/exporter:2.3.0
#     --project, --file    as they were given to docker compose; default: runner-metrics, and deploy/compose/exporter.yml
#     --backups DIR        where the backup goes; default: ./backups. On Kubernetes it stays on the volume, as /data/backup-TIME.db
#     --restore FILE       puts a backup in place of the store, for an older version that refuses what the newer one wrote; what was acknowledged since is lost (Compose only)
#     --backup-only        takes the backup and changes nothing
# Exit codes: 0 done, and the exporter is ready; 1 failed; 2 wrong usage.
set -euo pipefail

say() { echo "rollback.sh: $*"; }
die() { local code=$1; shift; echo "rollback.sh: $*" >&2; exit "$code"; }
usage() { sed -n '2,11s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }

where=${1-}
case $where in
  compose | kubernetes) shift ;;
  -h | --help) usage; exit 0 ;;
  *) die 2 "say where: compose or kubernetes." ;;
esac

image='' project=runner-metrics files=() backups=backups restore='' backup_only=''
namespace=runner-metrics deployment=runner-metrics helm='' revision=''
while [ $# -gt 0 ]; do
  case $1 in
    --project | --file | --backups | --restore | --namespace | --deployment | --helm | --revision)
      [ $# -ge 2 ] || die 2 "$1 needs a value."
      case $1 in
        --project) project=$2 ;; --file) files+=(--file "$2") ;; --backups) backups=$2 ;; --restore) restore=$2 ;;
        --namespace) namespace=$2 ;; --deployment) deployment=$2 ;; --helm) helm=$2 ;; *) revision=$2 ;;
      esac
      shift
      ;;
    --backup-only) backup_only=1 ;;
    -*) die 2 "$1 is not an option; --help lists them." ;;
    *)
      if [ "$where" != compose ] || [ -n "$image" ]; then die 2 "$1 is one argument too many."; fi
      image=$1
      ;;
  esac
  shift
done
time=$(date --utc +%Y%m%dT%H%M%SZ)

compose() {
  local program=(docker compose)
  docker compose version >/dev/null 2>&1 || program=(docker-compose)
  "${program[@]}" --project-name "$project" "${files[@]}" "$@"
}

# The image that runs is asked to make the copy, in a container beside it: that works where the running one hangs, and needs no shell in the image.
compose_backup() {
  local container running volume owner
  container=$(compose ps --all --quiet exporter 2>/dev/null || compose ps --quiet exporter)
  [ -n "$container" ] || die 1 "project $project has no exporter: say --project and --file as they were given to docker compose."
  running=$(docker inspect --format '{{.Image}}' "$container")
  volume=$(docker inspect --format '{{range .Mounts}}{{if eq .Destination "/data"}}{{if .Name}}{{.Name}}{{else}}{{.Source}}{{end}}{{end}}{{end}}' "$container")
  owner=$(docker inspect --format '{{.Config.User}}' "$container")
  mkdir -p "$backups"
  backups=$(cd "$backups" && pwd)
  # The exporter's user writes it, whoever runs this.
  chmod 1777 "$backups"
  if docker run --rm --user "${owner:-1654:1654}" --cap-drop ALL --volume "$volume:/data" --volume "$backups:/backups" "$running" store backup "/backups/store-$time.db" --data /data; then
    say "the backup is $backups/store-$time.db."
  else
    say "'store backup' failed; the exporter is stopped, and its folder copied as it is."
    compose stop exporter
    docker cp "$container:/data" "$backups/data-$time"
    say "the backup is the folder $backups/data-$time."
  fi
}

# A new volume takes its owner from the image; the backup goes into it as the exporter's own file.
compose_restore() {
  local container volume staging
  [ -f "$restore" ] || die 1 "$restore is not there: name a file that 'store backup' wrote."
  container=$(compose ps --all --quiet exporter 2>/dev/null || compose ps --quiet exporter)
  volume=$(docker inspect --format '{{range .Mounts}}{{if eq .Destination "/data"}}{{.Name}}{{end}}{{end}}' "$container")
  [ -n "$volume" ] || die 1 "/data is no named volume: stop the exporter, empty the folder and put $restore there as store.db."
  compose stop exporter
  compose rm --force exporter
  docker volume rm "$volume" >/dev/null
  compose up --no-start exporter
  container=$(compose ps --all --quiet exporter 2>/dev/null || compose ps --quiet exporter)
  staging=$(mktemp -d)
  cp "$restore" "$staging/store.db"
  tar --create --owner=1654 --group=1654 --mode=600 --directory "$staging" store.db | docker cp - "$container:/data"
  rm -rf "$staging"
  say "$restore is in place; what was acknowledged after it is lost."
}

wait_until_healthy() {
  local container state=''
  container=$(compose ps --quiet exporter)
  for _ in $(seq 120); do
    state=$(docker inspect --format '{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{end}}' "$container")
    case $state in
      'running healthy') return 0 ;;
      'restarting '* | 'exited '*) break ;;
    esac
    # The image's own check comes every 30 s; this asks at once.
    if docker exec "$container" /usr/local/bin/runner-metrics-exporter health >/dev/null 2>&1; then return 0; fi
    sleep 1
  done
  docker logs --tail 20 "$container" >&2
  die 1 "$image does not get ready (it is: $state). Where its log says that a newer version wrote the store, go back with a backup from before the upgrade: --restore FILE."
}

roll_back_compose() {
  [ -n "$image" ] || [ -n "$backup_only" ] || die 2 "say which image to go back to: runner-metrics/exporter:VERSION."
  [ ${#files[@]} -gt 0 ] || files=(--file "$(dirname "${BASH_SOURCE[0]}")/compose/exporter.yml")
  compose_backup
  [ -z "$backup_only" ] || return 0
  docker image inspect "$image" >/dev/null 2>&1 || docker pull "$image" || die 1 "there is no image $image: nothing was changed."
  export RUNNER_METRICS_EXPORTER_IMAGE=$image
  [ -z "$restore" ] || compose_restore
  compose up --detach exporter
  wait_until_healthy
  say "the exporter runs as $image. Set RUNNER_METRICS_EXPORTER_IMAGE to it wherever you start it from."
}

roll_back_kubernetes() {
  [ -z "$restore" ] || die 2 "--restore is for Compose; on Kubernetes docs/upgrading.md has the steps."
  kubectl exec --namespace "$namespace" "deployment/$deployment" -- /usr/local/bin/runner-metrics-exporter store backup "/data/backup-$time.db" --data /data \
    || die 1 "no backup could be taken, so nothing was changed. Where the pod does not run, take a snapshot of its volume, then: kubectl rollout undo --namespace $namespace deployment/$deployment"
  say "the backup is /data/backup-$time.db on the volume of $deployment."
  [ -z "$backup_only" ] || return 0
  if [ -n "$helm" ]; then
    # shellcheck disable=SC2086 # no revision is no argument
    helm rollback "$helm" $revision --namespace "$namespace" --wait --timeout 10m
  else
    kubectl rollout undo --namespace "$namespace" "deployment/$deployment" ${revision:+--to-revision="$revision"}
  fi
  kubectl rollout status --namespace "$namespace" "deployment/$deployment" --timeout 10m
  say "$deployment is ready."
}

"roll_back_$where"
