#!/bin/sh
# The password goes in through standard input: never on a command line, in the environment or on a disk.
set -eu
{
  cat /usr/local/etc/redis/redis.conf
  printf 'maxmemory %s\n' "$REDIS_MAXMEMORY"
  printf 'requirepass "%s"\n' "$(cat /run/secrets/redis_password)"
} | exec redis-server -
