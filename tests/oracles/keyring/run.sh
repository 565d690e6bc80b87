#!/bin/sh
# run.sh HANDOFF
#
# Keys in a real keyring: a session bus and a GNOME Keyring of their own, in a folder of their own. Made, found again by
# another program, used, read by an independent client, locked, refused and taken away; and what is said where no keyring
# answers, within seconds. What is missing for it is installed where this runs as root; else it says so and stops with 0, in
# CI with 1.
set -eu
here="$(cd "$(dirname "$0")" && pwd)"
handoff="$(cd "$(dirname "$1")" && pwd)/$(basename "$1")"

missing() {
  for tool in dbus-run-session dbus-daemon gnome-keyring-daemon secret-tool python3; do
    command -v "$tool" >/dev/null || printf '%s ' "$tool"
  done
}

packages="dbus gnome-keyring libsecret-tools python3"
if [ -n "$(missing)" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  { apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends $packages; } >/dev/null 2>&1 || true
fi
if [ -n "$(missing)" ]; then
  echo "keys in the keyring: not run, since this is missing: $(missing); on Debian: apt-get install $packages"
  [ "${CI:-}" = true ] && exit 1
  exit 0
fi

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
