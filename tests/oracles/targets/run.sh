#!/bin/sh
# Every request that `handoff preview` shows, held against the vendors' own descriptions and against their limits.
#   run.sh BINARY DESCRIPTIONS [SAMPLES] [SEED]
# DESCRIPTIONS is the folder of the vendors' files. HANDOFF_DEADLINE (seconds since 1970) ends the random part early.
set -eu
if [ $# -lt 2 ]; then
  echo "run.sh BINARY DESCRIPTIONS [SAMPLES] [SEED]" >&2
  exit 2
fi
binary=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
descriptions=$(cd "$2" && pwd)
cd "$(dirname "$0")"
python=$(sh setup.sh)
PYTHONDONTWRITEBYTECODE=1 exec "$python" check.py "$binary" "$descriptions" --samples "${3:-200}" --seed "${4:-1}"
