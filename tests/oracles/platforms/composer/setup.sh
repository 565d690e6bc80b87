#!/bin/sh
# Puts the adaptive runtime of Bot Framework 4.23.3 (MIT), as package-lock.json pins it, into a cache folder outside the checkout
# and prints that folder. It is no part of the product. Without --ignore-scripts the install fails: a script of
# botbuilder-dialogs asks for a package while it runs.
set -eu

here="$(cd "$(dirname "$0")" && pwd)"
cache="${HANDOFF_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/handoff-studio}"
folder="$cache/adaptive-4.23.3"
if [ -f "$folder/.ready" ] && cmp -s "$here/package-lock.json" "$folder/package-lock.json"; then
  echo "$folder"
  exit 0
fi
echo "installing the adaptive runtime of Bot Framework 4.23.3 into $folder (about 300 MB, once)" >&2
rm -rf "$folder"
mkdir -p "$folder"
cp "$here/package.json" "$here/package-lock.json" "$folder"
(cd "$folder" && npm ci --silent --ignore-scripts --no-audit --no-fund >&2)
touch "$folder/.ready"
echo "$folder"
