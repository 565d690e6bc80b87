#!/bin/sh
# Decide alike: exported Rasa projects in the real Rasa, held against the studio's own interpreter.
#   run.sh BINARY [FLOWS] [SEED]        FLOWS random flows from SEED on (20 from 1); BINARY, else HANDOFF, else a debug build
#   1. the generated policy modules of the four shipped flows, alone, on conversations, boundaries and random signals;
#   2. the four of them validated, trained, served, and driven over REST (DRIVE conversations of each, evenly taken);
#   3. the small flows of `corners/` and random ones, validated, trained and run by Rasa's agent in one process (MOST each).
# HANDOFF_DEADLINE (seconds since 1970) ends 2 and 3 early, never before a tenth of each.
set -eu

here="$(cd "$(dirname "$0")" && pwd)"
root="$(cd "$here/../../.." && pwd)"
export PYTHONDONTWRITEBYTECODE=1 PYTHONWARNINGS=ignore

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
handoff="$(cd "$(dirname "$handoff")" && pwd)/$(basename "$handoff")"

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
log="$work/log"
: >"$log"
failed=0
run() {
  : >"$work/said"
  "$@" >>"$work/said" 2>>"$work/noise" || failed=$((failed + 1))
  cat "$work/said"
  cat "$work/said" >>"$log"
}

"$python" "$here/jobs.py" "$handoff" "$work/shipped" --templates >"$work/shipped.jobs"
"$python" "$here/jobs.py" "$handoff" "$work/others" --corners --flows "${2:-20}" --seed "${3:-1}" >"$work/others.jobs"

echo "rasa: the policy modules alone"
run "$python" "$here/test_calls.py"
for flow in banking_fee_dispute saas_copilot commerce_vip clinic_triage; do
  random=2000 more=""
  [ "$flow" = banking_fee_dispute ] && random=10000 more="$here/banking.conversations.jsonl $here/boundaries.conversations.jsonl"
  # shellcheck disable=SC2086
  run "$python" "$root/tests/oracles/policy/compare_policy.py" "$work/shipped/$flow/project" "$root/flows/templates/$flow.flow.json" \
    --handoff "$handoff" --random "$random" --conversations "$root/flows/templates/$flow.conversations.jsonl" $more
done

echo "rasa: the shipped flows, trained and driven over REST"
run "$python" "$here/drive.py" "$handoff" "$work/shipped.jobs" --most "${DRIVE:-80}"

echo "rasa: small and random flows in one process"
run "$python" "$here/in_process.py" "$handoff" "$work/others.jobs" --most "${MOST:-40}"

passed=$(sed -n 's/.*: \([0-9][0-9]*\) passed, \([0-9][0-9]*\) failed$/\1/p' "$log" | awk '{ s += $1 } END { print s + 0 }')
bad=$(sed -n 's/.*: \([0-9][0-9]*\) passed, \([0-9][0-9]*\) failed$/\2/p' "$log" | awk '{ s += $1 } END { print s + 0 }')
echo "rasa: $passed passed, $((bad > failed ? bad : failed)) failed"
if [ "$failed" -ne 0 ]; then
  tr '\r' '\n' <"$work/noise" | grep -v "Processed \|Deprecat\|not carried" | tail -n 40
  exit 1
fi
