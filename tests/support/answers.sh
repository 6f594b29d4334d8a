#!/bin/sh
# What translate makes of files of pairs, and what it counts as an exact answer: answers.sh TRANSLATE
set -eu
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cd "$folder"
# said WORDS: the output has them.
said() { grep -q -- "$1" output || { echo "no \"$1\":" && cat output && exit 1; }; }
# says WORDS COMMAND...: its output has the words.
says() {
    words=$1
    shift
    "$@" >output 2>&1 || true
    said "$words"
}

# Nobody can foresee these targets, whose sources come ten times.
for _ in 0 1 2 3 4 5 6 7 8 9; do
    for k in $(seq 100); do printf '%d\t%d\n' "$k" $((k * k * 7919 % 99991)); done
done >repeated.tsv
says '^1000 pairs of 100 sources, 900 repeat one' "$1" train --pairs repeated.tsv --epochs 40 --units 32 --batch 16
said '^950 pairs to learn from, 50 held out'
said 'All 5 held-out sources, greedily: 0.00 % exact'
for _ in 1 2 3; do echo "one	un"; done >same.tsv
says 'same.tsv holds one source' "$1" train --pairs same.tsv

printf 'one\tun\tCC-BY\n\ntwo birds\tdeux oiseaux\n \nthree\ttrois\tCC-BY\tmore\nfour\tquatre\t\n\n' >odd.tsv
says 'odd.tsv: left out are blank lines: 3, and the further columns of lines: 3$' "$1" train --pairs odd.tsv --epochs 200 \
    --units 8 --save model
says 'odd.tsv: left out are blank lines: 3' "$1" evaluate --load model --pairs odd.tsv
printf 'one\nun\t\n' >bad.tsv
says 'bad.tsv:1: no tab between source and target; line 2: an empty target$' "$1" train --pairs bad.tsv

for source in one 'two birds' three; do
    answer=$(echo "$source" | "$1" translate --load model)
    printf '%s\t%s\n' "$source" wrong "$source" "$answer" "$source" "wrong, too"
done >several.tsv
! grep -q … several.tsv || { echo "an answer was cut" && cat several.tsv && exit 1; }
says '^100.00 % of 3 sources exact' "$1" evaluate --load model --pairs several.tsv
sed 's/$/x/' several.tsv >wrong.tsv
says '^0.00 % of 3 sources exact' "$1" evaluate --load model --pairs wrong.tsv
said '^    is wrongx (or another target), it wrote'
says '^.…$' "$1" translate --load model --length 1 <several.tsv
