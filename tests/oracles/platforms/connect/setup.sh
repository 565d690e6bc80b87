#!/bin/sh
# Puts cfn-lint 1.58.0 into a cache folder outside the checkout and prints that folder.
set -eu

cache="${XDG_CACHE_HOME:-$HOME/.cache}/handoff-studio"
env_dir="$cache/cfn-lint-1.58.0"

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

echo "installing cfn-lint into $env_dir (once)" >&2
rm -rf "$env_dir"
"$uv" venv -q --python "$(command -v python3)" "$env_dir" >&2
"$uv" pip install -q --python "$env_dir/bin/python" cfn-lint==1.58.0 >&2
touch "$env_dir/.ready"
echo "$env_dir"
