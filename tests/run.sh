#!/bin/sh
# Builds the tests and the examples, and runs them: sh tests/run.sh [arguments of ctest]
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
sh "$top/cmake/setup.sh" tests examples
sh "$top/cmake/build.sh" tests all
cd "$top/build" && exec ctest --output-on-failure -j 2 "$@"
