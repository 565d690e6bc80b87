#!/bin/sh
# Puts newman 6.2.2 (Apache-2.0) into a cache folder outside the checkout and prints that folder. It is no part of the product.
set -eu

cache="${HANDOFF_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/handoff-studio}"
folder="$cache/newman-6.2.2"
if [ -f "$folder/.ready" ]; then
  echo "$folder"
  exit 0
fi
echo "installing newman 6.2.2 into $folder (about 66 MB, once)" >&2
rm -rf "$folder"
mkdir -p "$folder"
npm install --silent --no-audit --no-fund --prefix "$folder" newman@6.2.2 >&2
touch "$folder/.ready"
echo "$folder"
