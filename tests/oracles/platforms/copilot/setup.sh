#!/bin/sh
# Prints the folder of a Python with jsonschema-rs 0.37.1 (MIT) and PyYAML 6.0.3 (MIT), after putting them into the cache.
set -eu
exec sh "$(dirname "$0")/../../python.sh" copilot-jsonschema-rs-0.37.1-pyyaml-6.0.3 "jsonschema-rs and PyYAML (about 10 MB)" \
  jsonschema-rs==0.37.1 PyYAML==6.0.3
