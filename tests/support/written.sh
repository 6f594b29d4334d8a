#!/bin/sh
# What sample goes on from, and how often, and what becomes of characters that a model does not know: written.sh CHAR_LM
set -eu
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cd "$folder"
# prints EXPECTED COMMAND...: the command prints just that.
prints() {
    expected=$1
    shift
    "$@" >output
    printf '%s\n' "$expected" | cmp - output || { cat output && exit 1; }
}
# says WORDS COMMAND...: its output or its messages have the words.
says() {
    words=$1
    shift
    "$@" >output 2>&1 || true
    grep -q -- "$words" output || { echo "no \"$words\":" && cat output && exit 1; }
}

# After an a comes a b where a new line stood before it, and else a c.
for _ in $(seq 300); do echo abxacxacxacx; done >text
"$1" train --corpus text --epochs 100 --units 32 --layers 1 --batch 5 --save model >training
program=$1
sample() { "$program" sample --load model "$@"; }
likeliest() { sample --temperature 0 "$@"; }
prints abxacxacxacx likeliest --prime a --length 11
prints abxacxacxacx likeliest --length 12
prints abxacxac likeliest --prime 'abx\x61' --length 4
prints 'abxacxacxacx
abx' likeliest --prime 'abxacxacxacx\n' --length 3
printf ab >prime
prints abxacx likeliest --prime-file prime --length 4
echo abxacxacxacx >prime
prints 'abxacxacxacx
abx' likeliest --prime-file prime --length 3
prints 'abx
---
abx
---
abx' likeliest --count 3 --length 3
sample --temperature 3 --length 30 >one
sample --temperature 3 --length 30 --count 2 >two
head -n "$(wc -l <one)" two | cmp - one
! tail -n +"$(($(wc -l <one) + 2))" two | cmp -s - one || { echo "both texts are the same" && exit 1; }
says '^char_lm: --prime: after a backslash comes n, t, another backslash, or x' sample --prime 'a\'
says '^char_lm: --prime: Vocabulary: unknown symbol "z"$' sample --prime z
echo az >prime
says '^char_lm: prime: Vocabulary: unknown symbol "z"$' sample --prime-file prime
says 'prime excludes --prime-file' sample --prime-file prime --prime a

mkdir texts
cp text texts/a
printf 'abx\nac\303\251x\n' >texts/b
says '^char_lm: texts/b:2:3: the model does not know "é"; unknown symbols in all: 1; --skip-unknown leaves them out$' \
    "$1" evaluate --load model --corpus texts
says '^char_lm: texts/b:2:3: the model' "$1" inspect --load model --text texts/b
says '^3908 characters: 0.0.* bits); unknown ones left out: 1$' "$1" evaluate --load model --corpus texts --skip-unknown
says '^3900 characters: 0.0.* bits)$' "$1" evaluate --load model --corpus text
says '^unknown characters left out: 1$' "$1" inspect --load model --text texts/b --skip-unknown
says '^the first 5 of 9 characters; --length takes more$' "$1" inspect --load model --text texts/b --length 5
echo "éé" >texts/b
says 'evaluate: the model reads 1 of the text.s characters' "$1" evaluate --load model --corpus texts/b --skip-unknown
