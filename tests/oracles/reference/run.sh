#!/bin/sh
# The reference's own tests, then the comparison with a built `handoff`.
#   run.sh BINARY [FLOWS] [SEED]
# HANDOFF_DEADLINE (seconds since 1970) ends it early, never before a fifth of the flows; HANDOFF_CONVERSATIONS a flow.
set -eu
if [ $# -lt 1 ]; then
  echo "run.sh BINARY [FLOWS] [SEED]" >&2
  exit 2
fi
binary=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
cd "$(dirname "$0")"
python=${PYTHON:-python3}
PYTHONDONTWRITEBYTECODE=1 "$python" -m unittest -q
PYTHONDONTWRITEBYTECODE=1 exec "$python" compare.py "$binary" \
  --flows "${2:-200}" --seed "${3:-1}" --conversations "${HANDOFF_CONVERSATIONS:-40}"
