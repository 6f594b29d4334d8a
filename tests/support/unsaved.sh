#!/bin/sh
# A checkpoint that cannot be written is said; training goes on, and the next one is written: unsaved.sh PROGRAM OPTIONS...
set -eu
program=$1
shift
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT
cd "$top"
mkdir folder
"$program" train "$@" --seconds 600 --checkpoint folder/run --every 0.0001 >output 2>&1 &
# wait_for COMMAND...: waits while the program runs.
wait_for() {
    while ! "$@" 2>/dev/null; do
        kill -0 $! 2>/dev/null || { cat output && exit 1; }
        sleep 0.02
    done
}
wait_for test -e folder/run
wait_for rm -r folder
wait_for grep -q "not saved: save_checkpoint: $top/folder/run" output
mkdir folder
wait_for test -e folder/run
kill -TERM $!
wait $!
grep "go on with: $(basename "$program") train --resume $top/folder/run\$" output
