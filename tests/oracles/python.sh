#!/bin/sh
# Puts Python packages into a cache folder outside the checkout and prints the folder of their programs.
#   python.sh NAME "WHAT IT IS AND ITS SIZE" PACKAGE==VERSION ...
# NAME stands for these packages in these versions; a folder of that name is made once.
set -eu
if [ $# -lt 3 ]; then
  echo 'python.sh NAME "WHAT IT IS AND ITS SIZE" PACKAGE==VERSION ...' >&2
  exit 2
fi
cache="${HANDOFF_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/handoff-studio}"
env_dir="$cache/$1"
what=$2
shift 2
if [ -f "$env_dir/.ready" ] && [ -x "$env_dir/bin/python" ]; then
  echo "$env_dir/bin"
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
echo "installing $what into $env_dir, once" >&2
rm -rf "$env_dir"
"$uv" venv -q --python "$python" "$env_dir" >&2
"$uv" pip install -q --python "$env_dir/bin/python" "$@" >&2
touch "$env_dir/.ready"
echo "$env_dir/bin"
