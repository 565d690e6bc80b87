#!/bin/sh
# Every envelope of the templates, and of a flow that redacts each part in each way, under the published schemas.
#   run.sh BINARY
set -eu
if [ $# -lt 1 ]; then
  echo "run.sh BINARY" >&2
  exit 2
fi
binary=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
cd "$(dirname "$0")"
python=$(sh ../targets/setup.sh)
PYTHONDONTWRITEBYTECODE=1 exec "$python" check.py "$binary"
