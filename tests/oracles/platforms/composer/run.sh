#!/bin/sh
# Composer runs alike: every template, what once differed and random flows, exported, held against sdk.schema and the vendor's
# own parsers, and run by the adaptive runtime of Bot Framework, with which the interpreter of certificates agrees; then exports that were
# spoilt on purpose.
#   run.sh BINARY SDK_SCHEMA [FLOWS]
set -eu
if [ $# -lt 2 ]; then
  echo "run.sh BINARY SDK_SCHEMA [FLOWS]" >&2
  exit 2
fi
here="$(cd "$(dirname "$0")" && pwd)"
binary="$(cd "$(dirname "$1")" && pwd)/$(basename "$1")"
schema="$(cd "$(dirname "$2")" && pwd)/$(basename "$2")"
python=${PYTHON:-python3}
COMPOSER_PACKAGES="$(sh "$here/setup.sh")"
export COMPOSER_PACKAGES PYTHONDONTWRITEBYTECODE=1
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
templates="$here/../../../../flows/templates"
platforms="$here/../../../platforms"
failed=0
projects=""
for flow in "$templates"/banking_fee_dispute "$templates"/clinic_triage "$templates"/commerce_vip "$templates"/saas_copilot \
  "$platforms"/everything "$platforms"/plain "$platforms"/queues; do
  out="$work/$(basename "$flow")"
  told="$flow.conversations.jsonl"
  [ -f "$told" ] || told=/dev/null
  "$binary" export "$flow.flow.json" --to composer --out "$out" --conversations "$told" >/dev/null || [ $? -eq 1 ]
  projects="$projects $out"
done
# shellcheck disable=SC2086
node "$here/sound.cjs" "$schema" $projects || failed=1
# shellcheck disable=SC2086
node "$here/scripts.cjs" $projects || failed=1
"$python" "$here/interpreted.py" "$binary" --edges 10 || failed=1
"$python" "$here/runs_alike.py" "$binary" --flows "${3:-10}" || failed=1
"$python" "$here/mutations.py" "$binary" "$schema" || failed=1
exit "$failed"
