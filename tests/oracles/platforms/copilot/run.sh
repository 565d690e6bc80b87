#!/bin/sh
# Exports to Copilot Studio: every file keeps to Microsoft's schema, every reference leads somewhere, every formula is read, and
# conversations are decided as the studio decides them, played by an interpreter of topics; spoilt exports are objected to.
#   run.sh BINARY SCHEMA [FLOWS] [SEED]
# SCHEMA is Microsoft's schema of topics. HANDOFF_DEADLINE (seconds since 1970) ends the random part early.
set -eu
if [ $# -lt 2 ]; then
  echo "run.sh BINARY SCHEMA [FLOWS] [SEED]" >&2
  exit 2
fi
binary=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
schema=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
cd "$(dirname "$0")"
tools=$(sh setup.sh)
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="../alike:../../reference:../../../../flows/api/src/certificates"
failed=0
"$tools/python" -m unittest -q test_runtime || failed=1
"$tools/python" check.py "$binary" "$schema" --flows "${3:-20}" --seed "${4:-1}" --seconds 240 --at-least 5000 || failed=1
exit "$failed"
