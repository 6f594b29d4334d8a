#!/bin/sh
# A training whose output nobody reads any more goes on, says so, and saves its model: unread.sh PROGRAM OPTIONS...
set -eu
program=$1
shift
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cd "$folder"
mkfifo output
"$program" train "$@" --seconds 600 --save model >output 2>error &
training=$!
head -n 1 <output >/dev/null
while ! grep -q 'training goes on$' error && kill -0 $training 2>/dev/null; do sleep 0.05; done
kill -TERM $training 2>/dev/null || true
code=0
wait $training || code=$?
fail() { echo "exit code $code: $1" && cat error && exit 1; }
[ $code = 1 ] || fail "not 1"
[ "$(grep -c 'training goes on$' error)" = 1 ] || fail "it does not say once that it goes on"
grep -q "^model saved to $folder/model$" error || fail "it does not say where the model is"
grep -q ': cannot write to standard output$' error || fail "it does not say what was wrong"
[ -s model ] || fail "no model"
