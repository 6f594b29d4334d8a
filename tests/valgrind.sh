#!/bin/sh
# The quick tests under valgrind's memcheck, but those that end processes: sh tests/valgrind.sh. Needs clang++ and valgrind.
set -eu
cd "$(dirname "$0")/.."
sh cmake/setup.sh tests
cmake -C cmake/presets/valgrind.cmake -S . -B build/valgrind -G Ninja --log-level=WARNING
cmake --build build/valgrind --target quick_tests
cd build/valgrind/tests
ls -d test_* | grep -v '\.cmake$' | xargs -P 2 -I '{}' valgrind --quiet --error-exitcode=1 --leak-check=full \
    --errors-for-leak-kinds=definite ./'{}' '~[slow]~*killed*'
