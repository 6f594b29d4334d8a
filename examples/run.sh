#!/bin/sh
# Trains the character language model and lets it write: sh examples/run.sh [arguments of char_lm]
# Learns to translate: sh examples/run.sh translate [arguments of translate]
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
program=char_lm
if [ "${1:-}" = translate ]; then
    program=translate
    shift
fi
sh "$top/cmake/setup.sh" examples
sh "$top/cmake/build.sh" examples "$program"
exec "$top/build/examples/$program" "$@"
