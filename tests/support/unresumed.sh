#!/bin/sh
# Checkpoints and logs that do not fit are refused, and stay as they are: unresumed.sh PROGRAM OPTION TEXT OTHER OPTIONS...
# OPTION names the text to learn from, or a folder; OTHER is a checkpoint of another program.
set -eu
program=$1 option=$2 text=$3 other=$4
shift 4
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cd "$folder"
# refuses WORDS OPTIONS...
refuses() {
    words=$1 code=0
    shift
    "$program" train "$@" >output 2>error || code=$?
    if [ $code != 1 ] || [ "$(wc -l <error)" != 1 ] || ! grep -q -- "$words" error; then
        echo "exit code $code, expected 1 and one line with \"$words\":" && cat error && exit 1
    fi
}

cp -r "$text" text
part=$(find text -type f | LC_ALL=C sort | head -n 1)
set -- "$option" text "$@" --epochs 2
"$program" train "$@" --checkpoint run --save model --log log.jsonl >output
echo "no figures" >other.jsonl
echo "<svg></svg>" >drawing.svg
cksum run model log.jsonl other.jsonl drawing.svg >before
head -c 5000 run >shortened
{ head -c $(($(wc -c <run) - 1)) run && printf x; } >damaged
refuses "not a checkpoint of" --resume "$other"
refuses "is it a checkpoint" --resume model
refuses "run.none: cannot open" --resume run.none
refuses "resume $folder/shortened" --resume shortened
refuses "damaged: it is damaged" --resume damaged
refuses "--seed excludes --resume" --resume run --seed 1
refuses "$option excludes --resume" --resume run "$option" text
[ -d text ] || refuses "text is an input" "$@" --checkpoint text
refuses "model exists and is no checkpoint" "$@" --checkpoint model
refuses "run exists and is no model" "$@" --save run
refuses "other.jsonl exists and is no log" "$@" --log other.jsonl
refuses "drawing.svg exists and is no picture of losses" "$@" --log drawing.jsonl
refuses "is to be two things" "$@" --checkpoint new --log new
refuses "is to be two things" "$@" --log new.svg
refuses "--every needs --checkpoint" "$@" --every 1
printf 'one\tmore\n' >>"$part"
refuses "what it learns from has changed" --resume run --epochs 3
rm -r text
refuses "$folder/text" --resume run --epochs 3
cksum run model log.jsonl other.jsonl drawing.svg | cmp - before
