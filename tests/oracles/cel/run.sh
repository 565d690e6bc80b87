#!/bin/sh
# Holds conditions against CEL's public conformance cases: every case in the profile passes, every skip has a reason that
# is checked, and docs/manual/cel.md says so. Wants the cases in $HANDOFF_SHARED/cel.
set -eu
cd "$(dirname "$0")/../../.."
exec cargo run --quiet --package flow-xtask -- cel "${HANDOFF_SHARED:?the shared material is missing}/cel" --check
