#!/bin/sh
# Generated policy modules, alone: their own unit tests, whole events against the pieces, and both against the studio.
#   run.sh BINARY [GENERATED_FLOWS] [SEED]
# HANDOFF_DEADLINE (seconds since 1970) ends the generated flows early, never before a fifth of them.
set -eu
if [ $# -lt 1 ]; then
  echo "run.sh BINARY [GENERATED_FLOWS] [SEED]" >&2
  exit 2
fi
binary=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
flows=${2:-40}
seed=${3:-1}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
python=${PYTHON:-python3}
export PYTHONDONTWRITEBYTECODE=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0 modules=0

# one FLOW CONVERSATIONS RANDOM: exports, tests and compares
one() {
  rm -rf "$work/out"
  "$binary" export "$1" --to rasa --out "$work/out" >"$work/log" 2>&1 || true
  if [ ! -f "$work/out/actions/policy.py" ]; then
    grep -q "not decided yet" "$work/log" && return 0
    cat "$work/log"
    failed=$((failed + 1))
    return 0
  fi
  modules=$((modules + 1))
  (cd "$work/out" && "$python" -m unittest -q) >"$work/log" 2>&1 &&
    "$python" "$here/compare_policy.py" "$work/out" "$1" --handoff "$binary" --conversations "$2" --random "$3" >"$work/log" 2>&1 || {
    failed=$((failed + 1))
    echo "policy: $1 differs"
    tail -n 20 "$work/log"
  }
}

for flow in "$root"/flows/templates/*.flow.json; do
  one "$flow" "${flow%.flow.json}.conversations.jsonl" 500
done
# What is kept back, in whatever text it is mentioned; addresses; German.
one "$here/kept.flow.json" "$here/kept.conversations.jsonl" 200
"$python" "$here/compare_kept.py" "$work/out" "$here/kept.flow.json" "$here/kept.conversations.jsonl" --handoff "$binary" ||
  failed=$((failed + 1))
# Numbers of cards and accounts, in every way in which people write them.
"$python" "$here/draw_numbers.py" "$work/numbers.jsonl" "$seed"
one "$here/numbers.flow.json" "$work/numbers.jsonl" 50
"$python" "$here/compare_kept.py" "$work/out" "$here/numbers.flow.json" "$work/numbers.jsonl" --handoff "$binary" || failed=$((failed + 1))
# What is said while a request is out, and keys that are too short.
one "$here/waiting.flow.json" "$here/waiting.conversations.jsonl" 500
"$python" "$here/compare_keys.py" "$work/out" "$here/waiting.flow.json" "$here/waiting.conversations.jsonl#at-once" \
  --handoff "$binary" --field account --value DE-4711 || failed=$((failed + 1))
drawn=0
while [ "$drawn" -lt "$flows" ]; do
  if [ -n "${HANDOFF_DEADLINE:-}" ] && [ "$drawn" -ge $((flows / 5)) ] && [ "$(date +%s)" -ge "$HANDOFF_DEADLINE" ]; then
    echo "policy: the time is over after $drawn generated flows"
    break
  fi
  rm -rf "$work/flow"
  mkdir "$work/flow"
  "$python" "$root/tests/oracles/reference/generate.py" $((seed + drawn)) "$work/flow" 30
  one "$work/flow/main.flow.json" "$work/flow/all.conversations.jsonl" 0
  drawn=$((drawn + 1))
done
echo "policy: $((modules - failed)) modules passed, $failed failed"
[ "$failed" -eq 0 ]
