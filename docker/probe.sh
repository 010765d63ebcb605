#!/bin/bash
# Succeed when this container answers 200 to `probe.sh PORT PATH`, on its own address or the one it was given.
# The port `agent` is the one that the agent of this container's Ray node took.
# A Python start would cost a hundred times more.
set -euo pipefail
port=$1
if [ "$port" = agent ]; then
  port=$(cat /tmp/ray/session_latest/dashboard_agent_listen_port_*)
fi
exec 3<>"/dev/tcp/${GENEPOOL_NODE_ADDRESS:-127.0.0.1}/$port"
printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$2" >&3
read -r _ status _ <&3
[ "$status" = 200 ]
