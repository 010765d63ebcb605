#!/bin/bash
# Keep the coordinator and the autoscaler at work beside Ray's head: `lead.sh MIN MAX` worker nodes. On AWS and in
# Kubernetes nobody else would start them again. A command that follows is run beside them, and they end with it.
set -euo pipefail
at_least=$1 at_most=$2
shift 2
manager=$(dirname "${BASH_SOURCE[0]}")/cluster_manager.py

# `ray up` repeats its commands on a head that is up: there is one coordinator, the one that is at work.
exec 9> "${TMPDIR:-/tmp}/genepool-lead.lock"
flock --nonblock 9 || exit 0

keep() {
  local child=
  trap 'kill -TERM "$child" 2>/dev/null; wait "$child" || true; exit 0' TERM
  while true; do
    "$@" 9>&- &
    child=$!
    wait "$child" || true
    sleep "${GENEPOOL_LEAD_PAUSE:-5}" 9>&- &
    child=$!
    wait "$child" || true
  done
}

keep genepool serve &
serving=$!
keep python "$manager" autoscale --platform ray --min "$at_least" --max "$at_most" &
scaling=$!
leading=
[ $# = 0 ] || { "$@" 9>&- & leading=$!; }

# The command goes last: the coordinator still needs Ray while it stops.
stop() {
  trap - TERM INT
  kill -TERM "$serving" "$scaling" 2>/dev/null || true
  wait "$serving" "$scaling" || true
  [ -z "$leading" ] || { kill -TERM "$leading" 2>/dev/null && wait "$leading"; } || true
  exit "$1"
}
trap 'stop 0' TERM INT

status=0
wait ${leading:+"$leading"} || status=$?
stop "$status"
