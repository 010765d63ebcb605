#!/bin/sh
# Healthy when Redis answers a client that knows the password.
REDISCLI_AUTH="$(cat /run/secrets/redis_password)" redis-cli ping | grep -q PONG
