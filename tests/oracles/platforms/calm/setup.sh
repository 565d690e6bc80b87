#!/bin/sh
# Prints the folder of a Python with rasa-sdk 3.21.0 (Apache-2.0), pypred 0.4.0 (MIT) and PyYAML 6.0.3 (MIT), after putting
# them into the cache: the server of actions and the reader of conditions, which need no licence of Rasa Pro.
set -eu
exec sh "$(dirname "$0")/../../python.sh" calm-rasa-sdk-3.21.0-pypred-0.4.0 "rasa-sdk, pypred and PyYAML (about 120 MB)" \
  rasa-sdk==3.21.0 pypred==0.4.0 PyYAML==6.0.3
