#!/bin/sh
# Trains the character language model and lets it write: sh examples/run.sh [arguments of char_lm]
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
sh "$top/cmake/setup.sh" examples
sh "$top/cmake/build.sh" examples char_lm
exec "$top/build/examples/char_lm" "$@"
