#!/bin/sh
# Exports to Rasa CALM: references of flows, patterns and domain; conditions by pypred, which Rasa reads them with; conversations
# through the project's own action server on loopback, its flows walked; spoilt exports, to which the checks must object.
#   run.sh BINARY [MOST]       MOST conversations of each flow
# Rasa Pro itself trains and serves with a licence alone. Where it is installed (RASA_PRO, a folder with bin/python), its loader
# and its validators read the projects, too.
set -eu
if [ $# -lt 1 ]; then
  echo "run.sh BINARY [MOST]" >&2
  exit 2
fi
binary=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
here=$(cd "$(dirname "$0")" && pwd)
cd "$here"
tools=$(sh setup.sh)
export PYTHONDONTWRITEBYTECODE=1
failed=0
"$tools/python" check.py "$binary" --most "${2:-150}" || failed=1
if [ -n "${RASA_PRO:-}" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  for flow in "$here"/../../../../flows/templates/*.flow.json; do
    "$binary" export "$flow" --to rasa-calm --out "$work/$(basename "$flow" .flow.json)" >/dev/null 2>&1 || true
  done
  LITELLM_LOCAL_MODEL_COST_MAP=True RASA_TELEMETRY_ENABLED=false "$RASA_PRO/bin/python" library.py "$work"/* || failed=1
fi
exit "$failed"
