#!/bin/bash
# Run Ray's head, `ray-head.sh ray start --head ...`, and move its storage aside when that is damaged: a restart would
# find the same. Only the cluster's own state is lost. The history is the checkpoint, from which runs continue.
set -euo pipefail

# What the GCS says when it cannot read its storage; then it ends, and so does `ray start`.
damaged() {
  grep -qsE 'Corruption: |Failed to open RocksDB.*No such file' "${RAY_TMPDIR:-/tmp}"/ray/session_*/logs/gcs_server.{out,err}
}

move_aside() {
  local aside
  aside=$RAY_gcs_storage_path/damaged-$(date -u +%Y%m%dT%H%M%SZ)
  mkdir "$aside"
  find "$RAY_gcs_storage_path" -mindepth 1 -maxdepth 1 ! -name 'damaged-*' -exec mv -t "$aside" {} +
  echo "the storage of the GCS is damaged and was moved to $aside: the head starts with an empty one" >&2
}

# Ray takes 40 s to say that its GCS ended at once, and a worker waits for its head for 120 s.
watch_storage() {
  local second
  for second in {1..60}; do
    sleep 1
    if damaged; then kill -TERM "$1" 2>/dev/null; fi
    kill -0 "$1" 2>/dev/null || return 0
  done
}

status=0
"$@" &
node=$!
watch_storage "$node" &
watching=$!
trap 'kill -TERM "$node" 2>/dev/null || true' TERM INT
wait "$node" || status=$?
# A signal to this shell ends the first wait before the node has ended.
while kill -0 "$node" 2>/dev/null; do
  wait "$node" || status=$?
done
kill "$watching" 2>/dev/null || true
if damaged; then move_aside; fi
exit "$status"
