#!/bin/sh
# Every conversation of the templates, and what was drawn from them, as a vCon: valid under the draft's own schema.
#   run.sh BINARY DESCRIPTIONS
# DESCRIPTIONS is the folder with the schema of vCon.
set -eu
if [ $# -lt 2 ]; then
  echo "run.sh BINARY DESCRIPTIONS" >&2
  exit 2
fi
binary=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
descriptions=$(cd "$2" && pwd)
cd "$(dirname "$0")"
python=$(sh ../targets/setup.sh)
PYTHONDONTWRITEBYTECODE=1 exec "$python" check.py "$binary" "$descriptions/vcon-core.schema.json"
