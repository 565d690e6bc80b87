#!/bin/sh
# Prints the folder of the programs that check Dialogflow CX agents, after putting them into the cache:
# google-cloud-dialogflow-cx 2.9.0 (the vendor's messages) and cxlint 1.0.4 (which needs rich and google-cloud-storage and does not say so).
set -eu
exec sh "$(dirname "$0")/../../python.sh" cx-2.9.0 "the checkers of Dialogflow CX (about 150 MB)" \
  google-cloud-dialogflow-cx==2.9.0 cxlint==1.0.4 google-cloud-storage rich
