#!/bin/bash
# The owner of the history, and two roles that read; grants on tables come with the migrations. Postgres runs this on
# the first start of its volume, `make passwords` at any later time: what is there gets the passwords of secrets/.
set -euo pipefail

psql --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname genepool \
  --set owner="$(cat /run/secrets/postgres_password)" \
  --set reader="$(cat /run/secrets/grafana_reader_password)" \
  --set exporter="$(cat /run/secrets/exporter_password)" <<'SQL'
SET client_min_messages = warning;
SELECT format('CREATE ROLE %I', role) FROM unnest(ARRAY['genepool', 'grafana_reader', 'exporter']) AS role
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec
ALTER ROLE genepool LOGIN CREATEDB PASSWORD :'owner';
ALTER ROLE grafana_reader LOGIN CONNECTION LIMIT 20 PASSWORD :'reader';
ALTER ROLE exporter LOGIN CONNECTION LIMIT 5 PASSWORD :'exporter';
ALTER ROLE grafana_reader SET default_transaction_read_only = on;
ALTER ROLE grafana_reader SET statement_timeout = '15s';
ALTER ROLE exporter SET default_transaction_read_only = on;
GRANT pg_monitor TO exporter;
-- Restoring a backup ends the sessions of readers.
GRANT pg_signal_backend TO genepool;
ALTER DATABASE genepool OWNER TO genepool;
ALTER SCHEMA public OWNER TO genepool;
-- From now on the superuser can be reached over the socket inside the container only.
ALTER ROLE CURRENT_USER PASSWORD NULL;
SQL
