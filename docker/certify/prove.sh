#!/bin/sh
# Run the proof that lies in a folder, in the environment of a program: prove.sh TARGET [FOLDER].
set -eu
target=${1:?give the name of a target, such as freqtrade}
folder=${2:-/proof}
python="/opt/$target/bin/python"
if [ ! -x "$python" ]; then
    echo "there is no environment for $target in this image: choose from" /opt/* >&2
    exit 127
fi
cd "$folder"
exec "$python" prove.py
