#!/bin/sh
# Prints the Python that has jsonschema 4.26.0 (MIT) and botocore 1.44.5 (Apache-2.0), after putting it into the cache.
set -eu
programs=$(sh "$(dirname "$0")/../python.sh" targets-jsonschema-4.26.0-botocore-1.44.5 "jsonschema and botocore (about 40 MB)" \
  jsonschema==4.26.0 botocore==1.44.5)
echo "$programs/python"
