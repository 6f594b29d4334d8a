#!/bin/sh
# Runs a program, ends it by two SIGTERMs once its output has the words, and prints its output: terminated.sh WORDS COMMAND...
set -eu
words=$1
shift
output=$(mktemp)
trap 'rm "$output"' EXIT
"$@" >"$output" 2>&1 &
program=$!
while ! grep -q "$words" "$output" && kill -0 $program 2>/dev/null; do sleep 0.05; done
kill -TERM $program
sleep 0.01
kill -TERM $program 2>/dev/null || true # it may be over
result=0
wait $program || result=$?
cat "$output"
exit $result
