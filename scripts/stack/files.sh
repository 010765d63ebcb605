#!/usr/bin/env bash
# Keep the candles and reports of the stack beside a dump of its history, or bring them back.
#   scripts/stack/files.sh save backups/NAME.dump            writes backups/NAME.files.tar.gz
#   scripts/stack/files.sh load [--force] backups/NAME.dump  leaves files that are there, unless forced
# GENEPOOL_POOL_TAR holds the words that run tar where the coordinator's folders are, below GENEPOOL_POOL_ROOT.
set -euo pipefail

fail() {
  echo "$2" >&2
  exit "$1"
}

action=${1:-}
shift || true
existing=--skip-old-files
if [ "${1:-}" = --force ]; then
  existing=--overwrite
  shift
fi
[ $# -eq 1 ] || fail 2 "name one backup: scripts/stack/files.sh save|load [--force] backups/FILE.dump"
dump=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
archive=${dump%.dump}.files.tar.gz
cd "$(dirname "$0")/../.."
# A container of its own: the coordinator may be stopped, and is while a backup is restored.
read -ra tar <<<"${GENEPOOL_POOL_TAR:-docker compose run --rm -T --no-deps --user 10001:10001 --entrypoint tar genetic-pool}"
root=${GENEPOOL_POOL_ROOT:-/app}

save() {
  umask 077
  local status=0
  half=$(mktemp "$(dirname "$archive")/.files.XXXXXX")
  trap 'rm -f "$half"' EXIT
  "${tar[@]}" -C "$root" -czf - data results >"$half" </dev/null || status=$?
  # 1: a file changed while it was read, as the log of an active run does.
  if [ "$status" -gt 1 ] || ! gzip --test "$half" 2>/dev/null; then
    fail 4 "the history is saved, candles and reports are not: do the stack's images exist, has the disk room?"
  fi
  sync "$half"
  mv "$half" "$archive"
  (cd "$(dirname "$archive")" && sha256sum "$(basename "$archive")" >"$(basename "$archive").sha256")
  echo "$archive: candles and reports, $(du -h "$archive" | cut -f1)"
}

load() {
  [ -r "$archive" ] || { echo "this backup holds no candles and reports: there is no $archive"; return; }
  (cd "$(dirname "$archive")" && sha256sum --check --status "$(basename "$archive").sha256") ||
    fail 4 "the history is restored, candles and reports are not: $archive is not what its checksum says"
  "${tar[@]}" -C "$root" "$existing" --no-same-owner -xzf - <"$archive" ||
    fail 4 "the history is restored, candles and reports only in part: is the disk of the stack full?"
  if [ "$existing" = --overwrite ]; then
    echo "candles and reports are as in $archive"
  else
    echo "candles and reports of $archive are there; files of the same name stayed (--force replaces them)"
  fi
}

case $action in
  save) save ;;
  load) load ;;
  *) fail 2 "say what to do: scripts/stack/files.sh save|load [--force] backups/FILE.dump" ;;
esac
