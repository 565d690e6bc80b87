#!/bin/sh
# Puts Z3 (z3-solver 4.15.4, MIT) into a cache folder outside the checkout and prints the Python that has it.
set -eu

version=4.15.4.0
cache="${HANDOFF_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/handoff-studio}"
env_dir="$cache/z3-$version"
if [ -f "$env_dir/.ready" ] && [ -x "$env_dir/bin/python" ]; then
  echo "$env_dir/bin/python"
  exit 0
fi
python="${PYTHON:-python3}"
mkdir -p "$cache"
uv="$(command -v uv || true)"
if [ -z "$uv" ] && [ -x "$cache/uv/bin/uv" ]; then uv="$cache/uv/bin/uv"; fi
if [ -z "$uv" ]; then
  "$python" -m venv "$cache/uv" >&2
  "$cache/uv/bin/pip" install -q --disable-pip-version-check uv >&2
  uv="$cache/uv/bin/uv"
fi
echo "installing z3-solver $version into $env_dir (about 100 MB, once)" >&2
rm -rf "$env_dir"
"$uv" venv -q --python "$python" "$env_dir" >&2
"$uv" pip install -q --python "$env_dir/bin/python" "z3-solver==$version" >&2
touch "$env_dir/.ready"
echo "$env_dir/bin/python"
