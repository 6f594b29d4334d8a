#!/bin/sh
# A training of three epochs that is killed once and stopped twice, and goes on, ends with the bits of one that is left alone:
# resumed.sh PROGRAM OPTIONS...
set -eu
program=$1
shift
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cd "$folder"
fail() { echo "$1" && cat output && exit 1; }

# until_epoch EPOCH SIGNALS OPTIONS...: trains, and sends the signals once there is a checkpoint and the log has come so far.
until_epoch() {
    epoch=$1 signals=$2
    shift 2
    "$program" train "$@" >output 2>&1 &
    while ! { [ -e run ] && grep -q "\"epoch\":$epoch" parts.jsonl; } && kill -0 $! 2>/dev/null; do sleep 0.02; done
    for signal in $signals; do kill -"$signal" $! 2>/dev/null || true; done
    wait $! || true
}

"$program" train "$@" --epochs 3 --save whole --log whole.jsonl --report whole.html >output
until_epoch '0\.[3-9]' KILL "$@" --epochs 3 --save parts --log parts.jsonl --report parts.html --checkpoint run --every 0.001
! grep -q "saved to" output || fail "it was over before it was killed"
for epoch in '1\.[3-9]' '2\.[1-9]'; do
    until_epoch "$epoch" "TERM TERM" --resume run
    grep -q "$(basename "$program") train --resume $folder/run\$" output || fail "it was over before it was stopped"
done
grep -q "run goes on after [1-9][0-9]* steps" output || fail "it does not say where it goes on"
cd / && "$program" train --resume "$folder/run" >"$folder/output" && cd "$folder"

cmp whole parts
cmp whole.html parts.html
for log in whole parts; do sed 's/,"tokens_per_second":[^}]*//' $log.jsonl >$log.figures; done
cmp whole.figures parts.figures
[ "$(head -c 5 parts.svg)" = "<svg " ] || fail "the picture is no SVG"
for curve in 'training, mean of 50 steps' 'validation, a part' 'validation, the whole'; do
    grep -q "<path d=\"M[0-9].*<title>$curve</title>" parts.svg || fail "a curve is missing"
done
cmp whole.svg parts.svg

"$program" train --resume run --save other --log other.jsonl >output
grep -q "run is finished after [0-9]* steps" output || fail "it does not say that it is finished"
cmp other parts || fail "a finished training saves another model"
sed 's/,"tokens_per_second":[^}]*//' other.jsonl | cmp - parts.figures
"$program" train --resume run --epochs 3.2 --save longer >output
! cmp -s longer parts || fail "a longer training is the same"
"$program" train --resume run --epochs 3.3 >output
grep -q "saved to $folder/longer" output || fail "it forgets the options that it went on with"
"$program" train "$@" --epochs 3 --seed 7 --save seed >output
! cmp -s seed whole || fail "another seed is the same"
