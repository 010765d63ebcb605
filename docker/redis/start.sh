#!/bin/sh
# The password goes in through standard input: never on a command line, in the environment or on a disk.
# Redis takes the place of this shell, so that it is told to stop, and does.
set -eu
exec redis-server - <<CONFIGURATION
$(cat /usr/local/etc/redis/redis.conf)
maxmemory $REDIS_MAXMEMORY
requirepass "$(cat /run/secrets/redis_password)"
CONFIGURATION
