#!/bin/sh
# Every behaviour of small random flows, enumerated, against what `handoff check` claims of them and what `handoff replay` does.
#   run.sh BINARY [FLOWS] [SEED]
# Draws FLOWS flows (default 2000), fewer where $HANDOFF_DEADLINE comes first, never fewer than 100.
set -eu
if [ $# -lt 1 ]; then
  echo "run.sh BINARY [FLOWS] [SEED]" >&2
  exit 2
fi
binary=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
shift
cd "$(dirname "$0")"
PYTHONDONTWRITEBYTECODE=1 exec "${PYTHON:-python3}" compare.py "$binary" "$@"
