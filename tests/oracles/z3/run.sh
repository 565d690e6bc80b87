#!/bin/sh
# What `handoff check` proves about guards, held against Z3.
#   run.sh BINARY [SETS] [SEED]
# HANDOFF_DEADLINE (seconds since 1970) ends it early, never before a tenth of the sets.
set -eu
if [ $# -lt 1 ]; then
  echo "run.sh BINARY [SETS] [SEED]" >&2
  exit 2
fi
binary=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
cd "$(dirname "$0")"
python=$(sh setup.sh)
PYTHONDONTWRITEBYTECODE=1 exec "$python" compare.py "$binary" --sets "${2:-2000}" --seed "${3:-1}"
