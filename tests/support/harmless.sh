#!/bin/sh
# Nothing that a program shows of texts, names and mistakes commands a terminal, and no code point is broken up:
# harmless.sh CHAR_LM TRANSLATE
set -eu
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cd "$folder"
escape=$(printf '\033')
# shows WORDS COMMAND...: the command's output and messages have the words, and no control characters but lines and tabs.
shows() {
    words=$1
    shift
    "$@" >output 2>&1 || true
    grep -q -- "$words" output || { echo "no \"$words\":" && cat -v output && exit 1; }
    tr -d '\000-\010\013-\037\177' <output | cmp - output
    ! LC_ALL=C.UTF-8 grep -axv '.*' output || { echo "no UTF-8" && exit 1; }
}

seq 500 | sed "s/.*/é$escape]0;日𝄞/" >text
shows '^é␛]0;日𝄞$' "$1" train --corpus text --epochs 80 --units 32 --layers 1 --batch 5 --save writer
shows '^é␛]0;日𝄞$' "$1" sample --load writer --length 200 --temperature 0.3
shows '^é␛]0;日𝄞$' "$1" train --corpus text --unit word --epochs 20 --units 8 --layers 1 --batch 5 --save words
shows '^é␛]0;日𝄞$' "$1" sample --load words --length 10
cp text "text$escape" && printf '\351' >>"text$escape"
shows 'text␛:501:1 is no UTF-8' "$1" train --corpus "text$escape" --epochs 0.1 --units 8 --layers 1 --batch 5
shows '␛' "$1" sample --load writer --length 1 --prime "é$escape"
shows 'no/␛\[2J' "$1" sample --load "no/${escape}[2J"
shows '␛\[2J not in' "$1" train --cell "${escape}[2J"
shows 'invalid UTF-8' "$1" evaluate --load writer --corpus /bin/sh

seq 30 | sed "s/.*/source & $escape]0;a\t${escape}[31m/" >pairs.tsv
shows '% exact' "$2" train --pairs pairs.tsv --epochs 200 --units 8 --save answerer
sed "s/$/ ${escape}[31m/" pairs.tsv >others.tsv
shows '^  source [0-9]* ␛]0;a → ␛\[31m   (wrong: it is ␛\[31m ␛\[31m)$' "$2" evaluate --load answerer --pairs others.tsv
printf '\342\230\203%s\n' "$escape" >line
shows 'it has never met "☃"$' "$2" translate --load answerer <line
shows '^␛\[31m$' "$2" translate --load answerer <pairs.tsv
cp pairs.tsv "pairs$escape.tsv"
shows 'pairs␛.tsv' "$2" train --pairs "pairs$escape.tsv" --save "pairs$escape.tsv"
