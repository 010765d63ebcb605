#!/bin/bash
# Run the coordinator beside its own Ray node, which grants no CPUs. When either ends, both end.
set -euo pipefail

# shellcheck disable=SC2086 - the flags are words
ray start --address=ray-head:6379 --node-name="$GENEPOOL_NODE_NAME" \
  --num-cpus=0 --object-store-memory="${GENEPOOL_OBJECT_STORE_BYTES:-209715200}" \
  --metrics-export-port=8080 --disable-usage-stats --block ${GENEPOOL_RAY_FLAGS:-} &
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

until /bin/bash /app/docker/probe.sh agent /api/local_raylet_healthz 2>/dev/null; do
  kill -0 "$node" 2>/dev/null || { echo "the Ray node of the coordinator did not start" >&2; exit 1; }
  sleep 0.5
done

"$@" &
service=$!
status=0
wait -n "$node" "$service" || status=$?
kill -TERM "$service" "$node" 2>/dev/null || true
wait || true
exit "$status"
