#!/bin/sh
# Writes a copy of a model whose metadata has another value: lying.sh MODEL KEY VALUE COPY
set -eu
size=$(($(head -c 8 "$1" | od -An -tu8)))
header=$(head -c $((8 + size)) "$1" | tail -c $size | sed -E "s/\"$2\":\"([^\"\\]|\\\\.)*\"/\"$2\":\"$3\"/")
size_now=$(printf %s "$header" | wc -c)
{
    for shift in 0 8 16 24 32 40 48 56; do
        # shellcheck disable=SC2059
        printf "\\$(printf %03o $((size_now >> shift & 255)))"
    done
    printf %s "$header"
    tail -c +$((9 + size)) "$1"
} >"$4"
