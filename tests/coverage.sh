#!/bin/sh
# Which lines of include/ the quick tests run, header by header: sh tests/coverage.sh. Needs clang++ and gcovr.
set -eu
cd "$(dirname "$0")/.."
sh cmake/setup.sh tests
cmake -C cmake/presets/coverage.cmake -S . -B build/coverage -G Ninja --log-level=WARNING
cmake --build build/coverage --target quick_tests
find build/coverage -name '*.gcda' -delete
ctest --test-dir build/coverage --output-on-failure -j 2 -L quick
llvm_cov=$(command -v llvm-cov || ls /usr/bin/llvm-cov-* | sort -V | tail -n 1)
gcovr --root . --filter include/ --object-directory build/coverage --gcov-executable "$llvm_cov gcov" --exclude-throw-branches
