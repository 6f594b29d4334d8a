#!/bin/sh
# Characters, bytes and words as symbols, those that are unknown, and a model from before there was a choice:
# units.sh CHAR_LM OLD_MODEL
set -eu
program=$1 old=$2
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cd "$folder"
fail() { echo "$1" && cat output && exit 1; }
said() { grep -q -- "$1" output || fail "no \"$1\":"; }
# says WORDS COMMAND...: its output or its messages have the words.
says() {
    words=$1
    shift
    "$@" >output 2>&1 || true
    said "$words"
}
train() { "$program" train --units 16 --layers 1 --batch 5 --steps 20 --rate 1e-2 "$@"; }
is_utf8() { ! LC_ALL=C.UTF-8 grep -axv '.*' output || fail "no UTF-8"; }

# Characters of two bytes; none is broken in a sample, as wild as can be.
for _ in $(seq 400); do echo "Москва и море"; done >text
says '^0.0 MB of text, read as characters: all is UTF-8$' train --corpus text --epochs 1 --save characters
said '^5320 characters to learn from, 280 held back, 12 different; '
said '^first loss: [0-9.]* nats per character (ln 12 ='
said '^--- after [0-9]* characters ---$'
said '^validation: [0-9.]* nats per character ([0-9.]* bits)$'
is_utf8
"$program" sample --load characters --temperature 1000 --length 300 >output
is_utf8

# What is no UTF-8 is read as bytes, and so is any text where that is asked for.
{ cat text && printf 'a\351\n'; } >latin
says '^0.0 MB of text, read as bytes: .*/latin:401:2 is no UTF-8$' train --corpus latin --epochs 0.1
said '^9503 bytes to learn from, 500 held back'
says '^validation: [0-9.]* nats per byte ([0-9.]* bits)$' train --corpus text --unit byte --epochs 0.1 --save bytes
says '^10000 bytes: [0-9.]* nats per byte' "$program" evaluate --load bytes --corpus text

# Words, and line ends among them. The last 20 lines are held back: evaluated alone they give the same figure.
{ echo "one rare beginning." && for _ in $(seq 399); do echo "the cat saw the dog"; done; } >lines
says '^0.0 MB of text, read as words: --unit says so$' train --corpus lines --unit word --epochs 30 --save words
said '^2278 words to learn from, 120 held back, 5 different; '
said '^others are one, <unk>: 0.132 % of those to learn from, 0 % of those held back$'
said '^--- after [0-9]* words ---$'
said '^beside it, bigrams: 0.68[0-9]* nats per word (0.98[0-9]* bits, perplexity 2.0)$'
figure=$(sed -n 's/^validation: //p' output)
tail -n 20 lines >held_back
says "^120 words: $figure; unknown ones read as <unk>: 0\$" "$program" evaluate --load words --corpus held_back
[ "$("$program" sample --load words --prime 'the cat' --temperature 0 --length 6)" = "the cat saw the dog
the cat" ] || fail "other words"
says '^--prime: the model does not know all of it, and reads <unk> there$' "$program" sample --load words --prime 'a cat'
says 'is a model of words; the page' "$program" export --load words --onnx words.onnx ||
    said 'built without ONNX'
echo "the zebra saw the dog" >other
says '^6 words: .* perplexity [0-9.]*); unknown ones read as <unk>: 1$' "$program" evaluate --load words --corpus other
says '^5 words: .*; unknown ones left out: 1$' "$program" evaluate --load words --corpus other --skip-unknown
says '^char_lm: none of the words to learn from comes 1000 times' train --corpus lines --unit word --min-count 1000
says '^char_lm: inspect: what units are scored by' "$program" inspect --load words --text other
says '^unknown words read as <unk>: 1$' env NO_COLOR=1 "$program" inspect --load words --text other --unit 0/3
said '^the <unk> saw the dog↵$'
says '^look.html: [0-9.]* MB$' "$program" inspect --load words --text other --report look.html

# <unk> is most of this text, and is never written.
seq 2000 >numbers
says '^others are one, <unk>: [45][09][0-9.]* % of those to learn from' train --corpus numbers --unit word --epochs 2 --save unknown
! grep -q '^<unk>\|�' output || fail "<unk> is written"
"$program" sample --load unknown --length 100 >output
! grep -q . output || fail "something else than empty lines"

# A model that this program saved before it knew other units than bytes gives the figure that it gave then.
for _ in $(seq 100); do echo "abacad"; done >text
says '^700 bytes: 0.2775 nats per byte (0.4004 bits)$' "$program" evaluate --load "$old" --corpus text
