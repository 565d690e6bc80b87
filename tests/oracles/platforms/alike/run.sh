#!/bin/sh
# Platforms decide alike: the interpreters' own tests, what once differed, every template and a seeded sample of random flows
# through every export, and corrupted exports. Of Rasa's projects the policy module alone: Rasa itself runs them in
# tests/oracles/rasa. RESULTS.md has the run over 200 random flows.
#   run.sh BINARY [FLOWS] [SEED]
# Twenty random flows are always played; after four minutes, or past HANDOFF_DEADLINE (seconds since 1970), no other is begun.
set -eu
if [ $# -lt 1 ]; then
  echo "run.sh BINARY [FLOWS] [SEED]" >&2
  exit 2
fi
here="$(cd "$(dirname "$0")" && pwd)"
binary="$(cd "$(dirname "$1")" && pwd)/$(basename "$1")"
python=${PYTHON:-python3}
export PYTHONDONTWRITEBYTECODE=1
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
failed=0
flows="${2:-40}" least=15000
[ "$flows" -ge 20 ] || least=1
cd "$here"
"$python" -m unittest -q test_runtimes || failed=1
"$python" compare.py "$binary" --flows "$flows" --seed "${3:-1}" --floor 20 --seconds 240 --at-least "$least" \
  --edges "${HANDOFF_EDGES:-300}" --work "$work" || failed=1
"$python" mutations.py "$binary" || failed=1
exit "$failed"
