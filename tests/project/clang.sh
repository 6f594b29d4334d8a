#!/bin/sh
# clang.sh TOP EIGEN [JSON]: clang accepts every header alone and the cells' tests, without a warning. Those of io/ need
# nlohmann_json.
set -eu
cd "$1"
flags="-std=c++20 -fsyntax-only -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -Iinclude -Itests -isystem $2"
flags="$flags ${3:+-idirafter $3}" # unlike -isystem, it may be /usr/include
for file in $(find include -name '*.hpp') tests/cells/*.cpp; do
    case $file in include/bptt/io/*) [ $# -gt 2 ] || continue ;; esac
    echo "$file"
    # Included from standard input, so that a header is not taken for a main file.
    # shellcheck disable=SC2086
    printf '#include "%s"\n' "$PWD/$file" | clang++ $flags -x c++ -
done
