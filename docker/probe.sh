#!/bin/bash
# Succeed when this container answers 200 to `probe.sh PORT PATH`. A Python start would cost a hundred times more.
set -euo pipefail
exec 3<>"/dev/tcp/127.0.0.1/$1"
printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$2" >&3
read -r _ status _ <&3
[ "$status" = 200 ]
