#!/bin/sh
# Prints the folder of botocore 1.44.5 (Apache-2.0), cfn-lint 1.58.0 (MIT-0) and jsonschema 4.26.0 (MIT), after putting
# them into the cache.
set -eu
exec sh "$(dirname "$0")/../../python.sh" lex-botocore-1.44.5-cfn-lint-1.58.0 "botocore, cfn-lint and jsonschema (about 150 MB)" \
  botocore==1.44.5 cfn-lint==1.58.0 jsonschema==4.26.0
