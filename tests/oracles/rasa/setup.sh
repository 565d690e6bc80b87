#!/bin/sh
# Puts Rasa Open Source 3.6.21 into a cache folder outside the checkout and prints that folder.
# Rasa 3.6 runs on Python 3.9 and 3.10 only: $RASA_PYTHON, else pyenv's, else python3.10 or python3.9 on the path.
# The CPU build of TensorFlow is a third smaller than the stock one; nothing here uses a graphics card.
set -eu

cache="${XDG_CACHE_HOME:-$HOME/.cache}/handoff-studio"
env_dir="$cache/rasa-3.6.21"

fits() { "$1" -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 9), (3, 10)))' >/dev/null 2>&1; }

find_python() {
  if [ -n "${RASA_PYTHON:-}" ]; then
    if fits "$RASA_PYTHON"; then command -v "$RASA_PYTHON"; return 0; fi
    echo "RASA_PYTHON=$RASA_PYTHON is not a Python 3.9 or 3.10" >&2
    return 1
  fi
  root="${PYENV_ROOT:-$HOME/.pyenv}"
  for series in 3.10 3.9; do
    for candidate in "$root"/versions/$series.*/bin/python; do
      if [ -x "$candidate" ] && fits "$candidate"; then echo "$candidate"; return 0; fi
    done
  done
  for name in python3.10 python3.9; do
    if command -v "$name" >/dev/null 2>&1 && fits "$name"; then command -v "$name"; return 0; fi
  done
  return 1
}

if [ -f "$env_dir/.ready" ] && [ -x "$env_dir/bin/python" ]; then
  echo "$env_dir"
  exit 0
fi

if ! python="$(find_python)"; then
  echo "Python for Rasa: \$RASA_PYTHON, else pyenv 3.10/3.9, else python3.10/3.9 on the path; none of them was found" >&2
  # A build server must not pass without having run Rasa; at home the caller may go on without it (status 3).
  if [ "${CI:-}" = "true" ]; then exit 1; fi
  exit 3
fi

mkdir -p "$cache"
overrides="$cache/rasa-overrides.txt"
printf 'tensorflow-cpu==2.12.0\ntensorflow==2.12.0; python_version<"3"\n' >"$overrides"
export HANDOFF_CACHE="$cache" PYTHON="$python" UV_OVERRIDE="$overrides"
bin="$(sh "$(dirname "$0")/../python.sh" rasa-3.6.21 "Rasa 3.6.21 with $python (about 2 GB)" rasa==3.6.21 tensorflow-cpu==2.12.0)"
echo "${bin%/bin}"
