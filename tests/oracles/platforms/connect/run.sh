#!/bin/sh
# Exports every template and the small flows of tests/platforms to Amazon Connect and holds the flows against a catalogue
# of the flow language, the template against cfn-lint, and the function against its own tests. Then damages exports: each
# damage has to be objected to. usage: run.sh HANDOFF CATALOGUE
set -eu

handoff="$1"
catalogue="$2"
here="$(cd "$(dirname "$0")" && pwd)"
root="$(cd "$here/../../../.." && pwd)"
# The checkers of Lex have cfn-lint too.
tools="$(sh "$here/../lex/setup.sh")"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# A flow of a thousand cards is many parts, in templates of their own.
node "$root/scripts/bench/flow.mjs" 1000 >"$work/thousand.flow.json"
for flow in "$root"/flows/templates/*.flow.json "$root"/tests/platforms/*.flow.json "$work/thousand.flow.json"; do
  name="$(basename "$flow" .flow.json)"
  "$handoff" export "$flow" --to amazon-connect --out "$work/$name" >/dev/null
done

"$tools/python" "$here/check.py" "$catalogue" "$work"/*/
for project in "$work"/*/; do
  "$tools/cfn-lint" -t "$project"/*.yaml
  (cd "$project/lambda" && python3 -m unittest -q >"$work/tests.log" 2>&1) || {
    cat "$work/tests.log" >&2
    echo "connect: the functions of $(basename "$project") fail their tests" >&2
    exit 1
  }
done
echo "connect: cfn-lint has no finding, and the functions pass their tests"
"$tools/python" "$here/damage.py" "$catalogue" "$work/banking_fee_dispute" "$work/clinic_triage" "$tools/cfn-lint"
