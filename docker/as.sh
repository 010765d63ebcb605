#!/bin/sh
# Run a program as one of the two users of the coordinator's container: `as.sh USER COMMAND...`.
# Called by a link, such as /app/as/python, it runs the program of that name: `ray` as raylet, all others as genepool.
# Where the container was not started as root, there is one user only, and this changes nothing.
set -eu

name=$(basename "$0")
case "$name" in
  as.sh) user=$1; shift ;;
  ray) user=raylet; set -- "$name" "$@" ;;
  *) user=genepool; set -- "$name" "$@" ;;
esac
# What a user starts finds programs, not these links.
PATH=${PATH#/app/as:}
export PATH

[ "$(id -u)" = 0 ] || exec "$@"

# Each has a home of its own: in one that both may write to, the node could leave settings for the coordinator.
HOME=/tmp/home-of-$user
NUMBA_CACHE_DIR=$HOME/kernels
export HOME NUMBA_CACHE_DIR
groups=$user
# The coordinator may write to the sockets of its node; its node may write to nothing of the coordinator's.
[ "$user" != genepool ] || groups=genepool,raylet
enter() { exec setpriv --reuid="$user" --regid="$user" --groups="$groups" --inh-caps=-all -- "$@"; }
[ -d "$HOME" ] || (enter mkdir -m 700 "$HOME")
enter "$@"
