#!/bin/bash
# Run the coordinator beside its own Ray node, which grants no CPUs. When either ends, both end.
# Anyone with the cluster's token runs programs as the node's user. Started as root, the two are two users, and the
# secrets and the state of the coordinator are out of reach of its node.
set -euo pipefail
as() { /bin/sh /app/docker/as.sh "$@"; }

# Make both homes before anything of the node runs, which could take the other's.
as genepool true
as raylet true

# Its group may use the sockets of the node, and that is the coordinator.
(umask 0007 && exec /bin/sh /app/docker/as.sh raylet /bin/bash /app/docker/node-entrypoint.sh \
  ray start --address=ray-head:6379 --num-cpus=0 \
  --object-store-memory="${GENEPOOL_OBJECT_STORE_BYTES:-209715200}" \
  --metrics-export-port=8080 --disable-usage-stats --block) &
node=$!
service=

# Signal the service first: it still needs the node while it stops.
stop() {
  trap - TERM INT
  [ -z "$service" ] || { kill -TERM "$service" 2>/dev/null && wait "$service"; } || true
  kill -TERM "$node" 2>/dev/null || true
  wait "$node" || true
  exit 0
}
trap stop TERM INT

# The probe reads a file of the node's, so it may read no more than the node.
until as raylet /bin/bash /app/docker/probe.sh agent /api/local_raylet_healthz 2>/dev/null; do
  kill -0 "$node" 2>/dev/null || { echo "the Ray node of the coordinator did not start" >&2; exit 1; }
  sleep 0.5
done

# Whichever process of Ray comes first makes this folder for itself, and those of the other user would abort.
as raylet mkdir -p -m 770 /tmp/ray/session_latest/logs/export_events

(exec /bin/sh /app/docker/as.sh genepool /bin/bash /app/docker/node-entrypoint.sh "$@") &
service=$!
status=0
wait -n "$node" "$service" || status=$?
kill -TERM "$service" "$node" 2>/dev/null || true
wait || true
exit "$status"
