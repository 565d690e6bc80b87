#!/bin/sh
# A second reading of the format against a built `handoff`: check, fmt and conditions.
#   run.sh BINARY [SEED]
set -eu
if [ $# -lt 1 ]; then
  echo "run.sh BINARY [SEED]" >&2
  exit 2
fi
binary=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
cd "$(dirname "$0")"
PYTHONDONTWRITEBYTECODE=1 exec "${PYTHON:-python3}" check.py "$binary" ${2:+"$2"}
