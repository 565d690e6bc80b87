#!/bin/sh
# The Postman collections of `handoff preview --postman`, valid by their schema and run by newman against a server on this
# machine, which holds every request that arrives against the vendors' own descriptions.
#   run.sh BINARY DESCRIPTIONS
set -eu
if [ $# -lt 2 ]; then
  echo "run.sh BINARY DESCRIPTIONS" >&2
  exit 2
fi
binary=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
descriptions=$(cd "$2" && pwd)
cd "$(dirname "$0")"
newman=$(sh setup.sh)
python=$(sh ../targets/setup.sh)
PYTHONDONTWRITEBYTECODE=1 exec "$python" check.py "$binary" "$descriptions" "$newman"
