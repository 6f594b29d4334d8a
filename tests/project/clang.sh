#!/bin/sh
# clang.sh TOP BUILD EIGEN [JSON]: clang accepts every header alone, without a warning. Those of io/ need nlohmann_json, and
# io/onnx*.hpp ONNX and protobuf.
set -eu
cd "$1"
mkdir -p "$2"
pch=$2/eigen.pch
flags="-std=c++20 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wformat=2 -Werror -Iinclude -isystem $3"
flags="$flags ${4:+-idirafter $4}" # unlike -isystem, it may be /usr/include
[ $# -gt 3 ] && without=none || without=include/bptt/io
if echo '#include <onnx/onnx_pb.h>' | clang++ -DONNX_ML -fsyntax-only -x c++ - 2>/dev/null; then
    flags="$flags -DONNX_ML" without_onnx=none
else
    without_onnx=include/bptt/io/onnx
fi

# With Eigen compiled beforehand a header takes a third of the time. Which has included none of those that include Eigen must do
# without.
eigen=$(grep -rl '#include <Eigen/' include)
echo '#include <Eigen/Core>' >"${pch%.pch}.hpp"
# shellcheck disable=SC2086
clang++ $flags -x c++-header "${pch%.pch}.hpp" -o "$pch"
# Included from standard input, so that a header is not taken for a main file.
export pch flags eigen
find include -name '*.hpp' -not -path "$without/*" -not -path "$without_onnx*" | xargs -P 2 -I '{}' sh -c '
    compile() { printf "#include \"%s\"\n" "$PWD/{}" | clang++ $flags -fsyntax-only "$@" -x c++ -; }
    included=$(compile -include-pch "$pch" -MMD -MF -) &&
        { echo "$included" | grep -qF "$eigen" || compile; } || { echo "{}"; exit 1; }'
