#!/bin/sh
# Exports to Amazon Lex, held against the shapes of Lex's API, their own references, cfn-lint, and the schema of a
# function's answers; then the same exports spoilt, each of which has to be objected to.
#   run.sh BINARY SCHEMAS [FLOWS] [SEED]
# SCHEMAS is the folder of the vendors' schemas; FLOWS random flows are made beside those that are shipped.
# HANDOFF_DEADLINE (seconds since 1970) ends the random part early.
set -eu
if [ $# -lt 2 ]; then
  echo "run.sh BINARY SCHEMAS [FLOWS] [SEED]" >&2
  exit 2
fi
binary=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
schemas=$(cd "$2" && pwd)
cd "$(dirname "$0")"
tools=$(sh setup.sh)
PYTHONDONTWRITEBYTECODE=1 exec "$tools/python" check.py "$binary" "$schemas" --flows "${3:-40}" --seed "${4:-1}"
