#!/bin/sh
# Puts botocore 1.44.5 (Apache-2.0), cfn-lint 1.58.0 (MIT-0) and jsonschema 4.26.0 (MIT) into a cache folder outside the
# checkout and prints the folder of their programs.
set -eu

cache="${HANDOFF_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/handoff-studio}"
env_dir="$cache/lex-botocore-1.44.5-cfn-lint-1.58.0"
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
echo "installing botocore, cfn-lint and jsonschema into $env_dir (about 150 MB, once)" >&2
rm -rf "$env_dir"
"$uv" venv -q --python "$python" "$env_dir" >&2
"$uv" pip install -q --python "$env_dir/bin/python" botocore==1.44.5 cfn-lint==1.58.0 jsonschema==4.26.0 >&2
touch "$env_dir/.ready"
echo "$env_dir/bin"
