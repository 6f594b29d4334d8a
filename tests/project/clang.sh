#!/bin/sh
# clang.sh TOP EIGEN [JSON]: clang accepts every header alone, without a warning. Those of io/ need nlohmann_json.
set -eu
cd "$1"
flags="-std=c++20 -fsyntax-only -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -Iinclude -isystem $2"
flags="$flags ${3:+-idirafter $3}" # unlike -isystem, it may be /usr/include
[ $# -gt 2 ] && without=none || without=include/bptt/io
# Included from standard input, so that a header is not taken for a main file.
find include -name '*.hpp' -not -path "$without/*" |
    xargs -P 2 -I '{}' sh -c "printf '#include \"%s\"\n' '$PWD/{}' | clang++ $flags -x c++ - || { echo '{}'; exit 1; }"
