#!/bin/sh
# Compiles the effect as firmware is compiled, and prints the bytes of its code and constants (text), of its memory (data, bss)
# and of the stack that it takes: size.sh FOLDER_OF_WEIGHTS [COMPILER FLAGS...]; without a compiler for this machine and, where
# its compiler is installed (Debian: g++-arm-none-eabi, libstdc++-arm-none-eabi-newlib), for a Cortex-M4.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
[ $# -gt 0 ] || { echo "usage: size.sh FOLDER_OF_WEIGHTS [COMPILER FLAGS...]" >&2 && exit 2; }
weights=$1
shift
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

measure() { # PREFIX COMPILER FLAGS...
    prefix=$1
    shift
    "$@" -std=c++20 -Os -fno-exceptions -fno-rtti -fno-threadsafe-statics -ffunction-sections -fstack-usage -Wall -Wextra -Werror \
        -I"$top/include" -I"$weights" -c "$top/examples/embedded/effect.cpp" -o "$work/effect.o"
    echo "$*"
    "${prefix}size" "$work/effect.o"
    "${prefix}nm" -u -C "$work/effect.o" | sed 's/^ */needs /'
    sed 's#^.*/\([^:]*:[0-9]*\):.*\t\([0-9]*\)\t.*#\2 bytes of stack: \1#' "$work/effect.su"
}
if [ $# -gt 0 ]; then
    measure "" "$@"
    exit
fi
measure "" c++
if command -v arm-none-eabi-g++ >/dev/null; then
    measure arm-none-eabi- arm-none-eabi-g++ -mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16
else
    echo "arm-none-eabi-g++ is not installed: nothing for a Cortex-M4"
fi
