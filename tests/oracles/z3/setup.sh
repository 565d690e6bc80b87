#!/bin/sh
# Prints the Python that has Z3 (z3-solver 4.15.4, MIT), after putting it into the cache.
set -eu
programs=$(sh "$(dirname "$0")/../python.sh" z3-4.15.4.0 "z3-solver 4.15.4.0 (about 100 MB)" z3-solver==4.15.4.0)
echo "$programs/python"
