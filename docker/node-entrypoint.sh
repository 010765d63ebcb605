#!/bin/bash
# Give this node its name and its compiled kernels, then become the given command.
set -euo pipefail

# The engine's DNS knows a container by its name, such as genepool-ray-worker-1-2, which survives restarts.
# The hosts file would answer first with the container's random id, so only DNS is asked.
name_of_container() {
  if [ "${GENEPOOL_NAMED_BY:-}" = container ]; then
    # The short id, which `docker ps` shows and the hostname is not: the engine mounts files from a folder named so.
    sed -n 's#.*/containers/\([0-9a-f]\{12\}\)[0-9a-f]*/hosts .*#\1#p' /proc/self/mountinfo | head -n 1
    return
  fi
  local name prefix="${GENEPOOL_PROJECT:-genepool}-"
  name=$(getent -s dns hosts "$(hostname -i 2>/dev/null | cut -d ' ' -f 1)" | tr -s ' ' | cut -d ' ' -f 2 || true)
  name=${name%%.*}
  case "$name" in
    "$prefix"*) echo "${name#"$prefix"}" ;;
    *) hostname ;; # on the host's own network, where the machine's name is the one to know
  esac
}

export GENEPOOL_NODE_NAME=${GENEPOOL_NODE_NAME:-$(name_of_container)}

# The root is read-only, and numba needs to write where it reads.
mkdir -p "$NUMBA_CACHE_DIR"
chmod 700 "$NUMBA_CACHE_DIR"
cp -R --preserve=timestamps /opt/genepool/kernels/. "$NUMBA_CACHE_DIR"

# Every connection of Ray is a file; engines differ in how many they grant before one asks.
ulimit -S -n "$(ulimit -H -n)"

if [ "${1:-} ${2:-}" = "ray start" ]; then
  # shellcheck disable=SC2086 - the flags are words
  set -- "$@" --node-name="$GENEPOOL_NODE_NAME" ${GENEPOOL_RAY_FLAGS:-}
fi
case " $* " in
  *" ray start --head "*) [ "${RAY_gcs_storage:-}" != rocksdb ] || exec /bin/bash /app/docker/ray-head.sh "$@" ;;
esac
exec "$@"
