#!/bin/sh
# Configures and builds into build/: sh cmake/build.sh tests|examples|benchmarks|versus TARGET
set -eu
cd "$(dirname "$0")/.."
part=$1 target=$2

# At first only what is asked for; later runs keep what earlier ones have switched on.
if [ ! -f build/CMakeCache.txt ]; then
    set -- -G Ninja -DBPTT_BUILD_TESTS=OFF -DBPTT_BUILD_EXAMPLES=OFF -DBPTT_BUILD_BENCHMARKS=OFF
else
    set --
fi
case $part in
    tests) set -- "$@" -DBPTT_BUILD_TESTS=ON -DBPTT_BUILD_EXAMPLES=ON ;; # the tests run the examples
    examples) set -- "$@" -DBPTT_BUILD_EXAMPLES=ON ;;
    benchmarks) set -- "$@" -DBPTT_BUILD_BENCHMARKS=ON ;;
    versus) set -- "$@" -DBPTT_BUILD_BENCHMARKS=ON -DBPTT_BUILD_VERSUS=ON ;;
esac
cmake -S . -B build --log-level=WARNING "$@"
cmake --build build --target "$target"
