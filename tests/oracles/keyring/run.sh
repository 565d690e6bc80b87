#!/bin/sh
# run.sh HANDOFF
#
# Keys in a real keyring: a session bus and a GNOME Keyring of their own, in a folder of their own. Made, found again by
# another program, used, read by an independent client, locked, refused and taken away; and what is said where no keyring
# answers, within seconds. Without dbus-run-session or gnome-keyring-daemon it says so and stops with 0, in CI with 1.
set -eu
here="$(cd "$(dirname "$0")" && pwd)"
handoff="$(cd "$(dirname "$1")" && pwd)/$(basename "$1")"

for tool in dbus-run-session gnome-keyring-daemon python3; do
  command -v "$tool" >/dev/null && continue
  echo "keys in the keyring: $tool is missing; on Debian: apt-get install dbus gnome-keyring python3"
  [ "${CI:-}" = true ] && exit 1
  exit 0
done

home="$(mktemp -d)"
trap 'rm -rf "$home"' EXIT
mkdir -m 700 "$home/run"
cd "$here/../../.."
# Nothing of the person who runs this is seen or touched; there is no screen, so nobody can be asked for a password.
env -i PATH="$PATH" HOME="$home" XDG_RUNTIME_DIR="$home/run" XDG_DATA_HOME="$home/data" XDG_CONFIG_HOME="$home/config" \
  timeout 120 dbus-run-session -- python3 -B "$here/drive.py" "$handoff" 2>"$home/said" || {
  cat "$home/said" >&2
  exit 1
}
