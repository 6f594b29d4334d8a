#!/bin/sh
# Trains the character language model and lets it write: sh examples/run.sh [arguments of char_lm]
# Learns to translate: sh examples/run.sh translate [arguments of translate]
# Learns to answer: sh examples/run.sh chat [arguments of chat]
# Foresees numbers: sh examples/run.sh forecast [arguments of forecast]
# Tells comments, strings and numbers of C++ source from code: sh examples/run.sh tag [arguments of tag]
# Says of which class a text or an image is: sh examples/run.sh classify [arguments of classify]
# Says what is in a picture: sh examples/run.sh caption [arguments of caption]
# Learns what an effect makes of a sound, and plays it: sh examples/run.sh live_audio [arguments of live_audio]
# Plays through a network without a heap, as a device would have it: sh examples/run.sh embedded
# Shows how gradients explode and vanish: sh examples/run.sh gradient_flow [arguments of gradient_flow]
# Serves a page on which a model of char_lm writes: sh examples/run.sh web [MODEL [PORT]]
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
if [ "${1:-}" = web ]; then
    shift
    exec sh "$top/examples/web/serve.sh" "$@"
fi
program=char_lm
if [ -n "${1:-}" ] && [ -f "$top/examples/$1/main.cpp" ]; then
    program=$1
    shift
fi
sh "$top/cmake/setup.sh" examples
sh "$top/cmake/build.sh" examples "$program"
exec "$top/build/examples/$program" "$@"
