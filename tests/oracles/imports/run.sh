#!/bin/sh
# Imports hold: real projects of other tools are read whole, and exports of the shipped flows come back as they were.
#   run.sh BINARY DATA
set -eu
if [ $# -lt 2 ]; then
  echo "run.sh BINARY DATA" >&2
  exit 2
fi
here="$(cd "$(dirname "$0")" && pwd)"
binary="$(cd "$(dirname "$1")" && pwd)/$(basename "$1")"
export PYTHONDONTWRITEBYTECODE=1
exec "${PYTHON:-python3}" "$here/hold.py" "$binary" "$2"
