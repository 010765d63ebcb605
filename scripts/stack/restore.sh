#!/usr/bin/env bash
# Put a backup back into the running stack, all of it or nothing.
#   scripts/stack/restore.sh FILE            into a history without runs
#   scripts/stack/restore.sh --force FILE    instead of the history that is there
# GENEPOOL_POSTGRES_EXEC holds the words that run a program where Postgres is; GENEPOOL_DATABASE, set there,
# names another database.
set -euo pipefail

fail() {
  echo "nothing was restored: $2" >&2
  exit "$1"
}

force=no
if [ "${1:-}" = --force ]; then
  force=yes
  shift
fi
[ $# -eq 1 ] || fail 2 "name one backup: scripts/stack/restore.sh [--force] backups/FILE.dump"
[ -r "$1" ] || fail 2 "there is no file $1 that can be read; \`ls backups\` shows what there is"
file=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
cd "$(dirname "$0")/../.."
read -ra inside <<<"${GENEPOOL_POSTGRES_EXEC:-docker compose exec -T postgres}"

[ -r "$file.sha256" ] || fail 2 "the checksum $file.sha256 is missing; it belongs beside its backup"
(cd "$(dirname "$file")" && sha256sum --check --status "$(basename "$file").sha256") ||
  fail 4 "$file is damaged: it is not what its checksum says; take another backup"

ask() {
  # shellcheck disable=SC2016 # the variables are those of the container
  "${inside[@]}" sh -c 'exec psql -qAtX -v ON_ERROR_STOP=1 -U genepool -d "${GENEPOOL_DATABASE:-genepool}" -c "$0"' "$1" </dev/null
}

busy=$(ask "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'genepool' AND datname = current_database()") ||
  fail 4 "Postgres does not answer (is the stack up? \`docker compose ps\`)"
[ "$busy" = 0 ] || fail 4 "the history is in use: \`docker compose stop genetic-pool\` first"
held=0
if [ "$(ask "SELECT to_regclass('public.runs') IS NOT NULL")" = t ]; then
  held=$(ask 'SELECT (SELECT count(*) FROM runs) + (SELECT count(*) FROM ledger)')
fi
[ "$held" = 0 ] || [ "$force" = yes ] ||
  fail 4 "the history that is there has runs; --force replaces it, and scripts/stack/backup.sh saves it before"

# What is there goes in the transaction that brings the backup: a backup that fails costs nothing.
clear="SET client_min_messages = warning; DO \$\$ DECLARE one record; BEGIN
  FOR one IN SELECT relname, relkind FROM pg_class
             WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v') ORDER BY relkind DESC LOOP
    EXECUTE format('DROP %s IF EXISTS public.%I CASCADE', CASE one.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, one.relname);
  END LOOP;
END \$\$;"
allow="DO \$\$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'grafana_reader') THEN
    GRANT USAGE ON SCHEMA public TO grafana_reader;
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO grafana_reader;
  END IF;
END \$\$;"
# shellcheck disable=SC2016 # as above
"${inside[@]}" sh -c '
  set -e
  { echo "$0"; pg_restore --no-owner --no-privileges -f - || echo "SELECT 1/0 AS the_backup_cannot_be_read;"; echo "$1"; } |
    psql -qX --single-transaction -v ON_ERROR_STOP=1 -U genepool -d "${GENEPOOL_DATABASE:-genepool}" >/dev/null
' "$clear" "$allow" <"$file" || fail 4 "Postgres refused the backup, and the history is as it was"
echo "restored $(ask 'SELECT count(*) FROM runs') runs and $(ask 'SELECT count(*) FROM ledger') trials from $file"
