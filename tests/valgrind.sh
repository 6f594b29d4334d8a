#!/bin/sh
# The quick tests under valgrind's memcheck, after sh tests/run.sh: sh tests/valgrind.sh [tests]. Needs valgrind.
# Left out: tests that put a malloc of their own in place of valgrind's, and those that end processes.
set -eu
cd "$(dirname "$0")/../build"
for folder in ${*:-core ops cells nets train text decode inspect testing io errors}; do
    echo "$folder"
    valgrind --quiet --error-exitcode=1 --leak-check=full --errors-for-leak-kinds=definite "tests/test_$folder" \
        "~[slow]~*killed*~*allocation*~*memory*" >/dev/null
done
