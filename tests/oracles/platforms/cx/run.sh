#!/bin/sh
# Exported Dialogflow CX agents: the vendor's messages, references and conditions, cxlint; the service over HTTP; spoilt
# exports, to which the checks must object.
#   run.sh BINARY [GENERATED_FLOWS] [SEED]
set -eu
if [ $# -lt 1 ]; then
  echo "run.sh BINARY [GENERATED_FLOWS] [SEED]" >&2
  exit 2
fi
binary=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
flows=${2:-20}
seed=${3:-1}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../../.." && pwd)
python="$(sh "$here/setup.sh")/python"
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$root/tests/oracles/reference"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# export FLOW NAME: into its folder, unless cards of it are not decided yet
export_one() {
  "$binary" export "$1" --to dialogflow-cx --out "$work/agents/$2" >"$work/log" 2>&1 || true
  [ -f "$work/agents/$2/agent.json" ] && return 0
  grep -q "not decided yet" "$work/log" && return 0
  cat "$work/log"
  echo "cx: the export of $1 failed"
  failed=$((failed + 1))
}

mkdir "$work/agents"
for flow in "$root"/flows/templates/*.flow.json "$root"/tests/platforms/*.flow.json; do
  export_one "$flow" "$(basename "$flow" .flow.json)"
done
drawn=0
while [ "$drawn" -lt "$flows" ]; do
  rm -rf "$work/flow"
  mkdir "$work/flow"
  "$python" "$root/tests/oracles/reference/generate.py" $((seed + drawn)) "$work/flow" 3
  export_one "$work/flow/main.flow.json" "generated-$((seed + drawn))"
  drawn=$((drawn + 1))
done

"$python" "$here/check.py" "$work"/agents/* || failed=$((failed + 1))
"$python" "$here/mutations.py" "$work/agents/banking_fee_dispute" || failed=$((failed + 1))
"$python" "$here/drive_service.py" "$work/agents/banking_fee_dispute" || failed=$((failed + 1))
tested=0
for project in "$work"/agents/*; do
  (cd "$project/webhook" && "$python" -m unittest -q) >"$work/log" 2>&1 || {
    echo "cx: the service's own tests fail in $(basename "$project")"
    tail -n 20 "$work/log"
    failed=$((failed + 1))
  }
  tested=$((tested + 1))
done
echo "cx: the services' own tests ran in $tested projects, $failed failed"
[ "$failed" -eq 0 ]
