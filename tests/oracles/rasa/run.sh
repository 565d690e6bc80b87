#!/bin/sh
# Decide alike: the four shipped flows as Rasa projects, held against the studio's own interpreter.
#   1. the real Rasa validates all of them (several in one process);
#   2. each generated policy module, alone, on conversations, boundaries and random signals;
#   3. the banking project is trained, served, and driven over REST.
# The first argument, else HANDOFF, names the command line to use; without either the debug build is made. DRIVE is the number of conversations over REST.
set -eu

here="$(cd "$(dirname "$0")" && pwd)"
root="$(cd "$here/../../.." && pwd)"
drive="${DRIVE:-300}"

status=0
rasa="$(sh "$here/setup.sh")" || status=$?
if [ "$status" -eq 3 ]; then
  echo "rasa: skipped, no Python 3.9 or 3.10 here"
  exit 0
fi
[ "$status" -eq 0 ] || exit "$status"
python="$rasa/bin/python"

handoff="${1:-${HANDOFF:-}}"
if [ -z "$handoff" ]; then
  (cd "$root" && cargo build -q -p flow-cli)
  handoff="${CARGO_TARGET_DIR:-$root/target}/debug/handoff"
fi

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
log="$work/log"
: >"$log"
failed=0
run() { "$@" >>"$log" 2>>"$work/noise" || failed=$((failed + 1)); }

flows="banking_fee_dispute saas_copilot commerce_vip clinic_triage"
projects=""
for flow in $flows; do
  "$handoff" export "$root/flows/templates/$flow.flow.json" --to rasa --out "$work/$flow" >>"$work/noise" 2>&1 || {
    cat "$work/noise"
    echo "rasa: the export of $flow failed"
    exit 1
  }
  projects="$projects $work/$flow"
done

echo "rasa: Rasa validates $flows"
# shellcheck disable=SC2086
run "$python" "$here/check_projects.py" $projects

echo "rasa: the policy modules alone"
for flow in $flows; do
  document="$root/flows/templates/$flow.flow.json"
  own="$root/flows/templates/$flow.conversations.jsonl"
  if [ "$flow" = banking_fee_dispute ]; then
    run "$python" "$root/tests/oracles/policy/compare_policy.py" "$work/$flow" "$document" --handoff "$handoff" --random 10000 \
      --conversations "$own" "$here/banking.conversations.jsonl" "$here/boundaries.conversations.jsonl"
  else
    run "$python" "$root/tests/oracles/policy/compare_policy.py" "$work/$flow" "$document" --handoff "$handoff" --random 2000 --conversations "$own"
  fi
done

echo "rasa: the banking project, trained and driven over REST ($drive conversations and the boundaries)"
flow="$root/flows/templates/banking_fee_dispute.flow.json"
# Most questions are not about a fee and stay with the bot: those that are come first.
"$python" - "$here/banking.conversations.jsonl" "$drive" "$work/drive.conversations.jsonl" <<'PY'
import json
import sys

source, count, target = sys.argv[1:]
with open(source, encoding="utf-8") as lines:
    cases = [json.loads(line) for line in lines]
fees = [case for case in cases if case["turns"][0]["intent"] == "fee_dispute"]
others = [case for case in cases if case["turns"][0]["intent"] != "fee_dispute"]
with open(target, "w", encoding="utf-8") as out:
    for case in (fees + others)[: int(count)]:
        out.write(json.dumps(case) + "\n")
PY
for name in drive boundaries; do
  cases="$work/drive.conversations.jsonl"
  [ "$name" = drive ] || cases="$here/boundaries.conversations.jsonl"
  "$handoff" replay "$flow" "$cases" --each --json >"$work/$name.each" 2>"$work/$name.summary" || [ $? -eq 1 ]
done
run "$python" "$here/drive.py" "$work/banking_fee_dispute" \
  --conversations "$here/boundaries.conversations.jsonl" "$work/drive.conversations.jsonl" \
  --expected "$work/boundaries.each" "$work/drive.each"

cat "$log"
passed=$(sed -n 's/.*: \([0-9][0-9]*\) passed, \([0-9][0-9]*\) failed$/\1/p' "$log" | awk '{ s += $1 } END { print s + 0 }')
bad=$(sed -n 's/.*: \([0-9][0-9]*\) passed, \([0-9][0-9]*\) failed$/\2/p' "$log" | awk '{ s += $1 } END { print s + 0 }')
echo "rasa: $passed passed, $((bad > failed ? bad : failed)) failed"
if [ "$failed" -ne 0 ]; then
  tr '\r' '\n' <"$work/noise" | grep -v "Processed \|Deprecat\|not carried" | tail -n 40
  exit 1
fi
