#!/usr/bin/env bash
# Dump the history of the running stack, with a checksum beside it.
#   scripts/stack/backup.sh [FOLDER]     FOLDER is backups/ unless given
# GENEPOOL_POSTGRES_EXEC holds the words that run a program where Postgres is; GENEPOOL_DATABASE, set there,
# names another database.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=${1:-backups}
read -ra inside <<<"${GENEPOOL_POSTGRES_EXEC:-docker compose exec -T postgres}"

umask 077
mkdir -p "$folder"
name=genepool-$(date -u +%Y%m%dT%H%M%SZ).dump
half=$(mktemp "$folder/.$name.XXXXXX")
trap 'rm -f "$half"' EXIT

# shellcheck disable=SC2016 # the variables are those of the container
if ! "${inside[@]}" sh -c 'exec pg_dump -Fc -U genepool -d "${GENEPOOL_DATABASE:-genepool}"' >"$half"; then
  echo "no backup was made: Postgres did not give its rows (is the stack up? \`docker compose ps\`)" >&2
  exit 4
fi
# A dump that cannot be read back is none.
if ! "${inside[@]}" pg_restore --list <"$half" >/dev/null; then
  echo "no backup was made: the dump cannot be read back; is the disk of $folder full?" >&2
  exit 4
fi
sync "$half"
mv "$half" "$folder/$name"
(cd "$folder" && sha256sum "$name" >"$name.sha256")
echo "$folder/$name"
