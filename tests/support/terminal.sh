#!/bin/sh
# In a terminal, a training's line fits, whatever the width; one that knows no escape sequences gets none: terminal.sh PROGRAM
# OPTIONS...
set -eu
command -v script >/dev/null || exit 77 # of bsdutils
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
program=$1
shift
command="$program train --seconds 1"
for option; do command="$command '$option'"; done
fail() { echo "$1" && od -c "$folder/output" | head -n 40 && exit 1; }

# in_terminal COLUMNS TERM: what the terminal gets; without columns it does not say how wide it is.
in_terminal() {
    TERM=$2 script -qec "${1:+stty cols $1;} $command" /dev/null </dev/null >"$folder/output"
    tr '\r' '\n' <"$folder/output" | sed 's/\x1b\[K$//' | grep -a '^ *[0-9][0-9]*[.][0-9] %' >"$folder/lines" ||
        fail "no line with figures"
}
for columns in 80 60 40 20 ''; do
    in_terminal "$columns" xterm
    longest=$(awk '{ if (length > n) n = length } END { print n }' "$folder/lines")
    [ "$longest" -lt "${columns:-80}" ] || fail "a line of $longest columns where there are ${columns:-80}"
    case $columns in
        20) ! grep -q loss "$folder/lines" ;;
        40) grep -q 'loss [0-9.]*   [0-9:]* left$' "$folder/lines" ;;
        60) grep -q 'nats per [a-z]*   [0-9:]* left$' "$folder/lines" ;;
        *) grep -q '[0-9] [a-z]*/s   [0-9:]* left$' "$folder/lines" ;;
    esac || fail "other figures in ${columns:-80} columns"
done
for term in dumb ''; do
    in_terminal 60 "$term"
    ! grep -q "$(printf '\033')" "$folder/output" || fail "an escape sequence where TERM is \"$term\""
done
