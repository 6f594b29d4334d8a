#!/bin/sh
# What a program says that a model's error is, it says of a stream of the model, too, nearly so where weights are stored in few
# bits: storages.sh PROGRAM PATTERN ARGUMENTS..., where the pattern's \1 is the error.
set -eu
program=$1 pattern=$2
shift 2
error() { "$program" evaluate "$@" | sed -n "s/$pattern/\1/p" | head -n 1; }
whole=$(error "$@")
for storage in float32 bfloat16 int8; do
    stream=$(error "$@" --storage $storage)
    echo "$storage: $stream, the model $whole"
    case $storage in float32) most=0.0005 ;; *) most=0.03 ;; esac
    awk "BEGIN { off = ($stream - $whole) / $whole; exit !(off <= $most && off >= -$most) }"
done
