#!/bin/sh
# Feeds the safetensors reader with mutated files under ASan and UBSan, for so many seconds: sh tests/io/fuzz.sh [SECONDS]
# Needs clang. Other options of libFuzzer may follow the seconds.
set -eu
cd "$(dirname "$0")/../.."
seconds=${1:-30}
[ $# = 0 ] || shift
corpus=build/fuzz/corpus
mkdir -p "$corpus"
clang++ -std=c++20 -O1 -g1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -Iinclude -Itests \
    -isystem /usr/include/eigen3 tests/io/fuzz_safetensors.cpp -o build/fuzz/safetensors
exec build/fuzz/safetensors "$corpus" -max_total_time="$seconds" -max_len=1024 -timeout=5 -print_final_stats=1 -verbosity=0 \
    -artifact_prefix=build/fuzz/ "$@"
