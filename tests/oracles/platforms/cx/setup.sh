#!/bin/sh
# Puts the checkers of Dialogflow CX agents into a cache folder outside the checkout and prints that folder:
# google-cloud-dialogflow-cx 2.9.0 (the vendor's messages) and cxlint 1.0.4 (which needs rich and google-cloud-storage and does not say so).
set -eu

cache="${XDG_CACHE_HOME:-$HOME/.cache}/handoff-studio"
env_dir="$cache/cx-2.9.0"

if [ -f "$env_dir/.ready" ] && [ -x "$env_dir/bin/python" ]; then
  echo "$env_dir"
  exit 0
fi

mkdir -p "$cache"
uv="$(command -v uv || true)"
if [ -z "$uv" ]; then
  [ -x "$cache/uv/bin/uv" ] || {
    echo "installing uv" >&2
    python3 -m venv "$cache/uv" >&2
    "$cache/uv/bin/pip" install -q --disable-pip-version-check uv >&2
  }
  uv="$cache/uv/bin/uv"
fi

echo "installing the checkers of Dialogflow CX into $env_dir (about 150 MB, once)" >&2
rm -rf "$env_dir"
"$uv" venv -q --python "$(command -v python3)" "$env_dir" >&2
"$uv" pip install -q --python "$env_dir/bin/python" google-cloud-dialogflow-cx==2.9.0 cxlint==1.0.4 google-cloud-storage rich >&2
touch "$env_dir/.ready"
echo "$env_dir"
