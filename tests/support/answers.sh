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
# Each answer lacks one symbol of the nearest target.
share=$(grep -v '	wrong' wrong.tsv | cut -f 2 | awk '{ symbols += length($0) } END { printf "%.2f", 300 / symbols }')
says "^0.00 % of 3 sources exact, $share % of symbols wrong" "$1" evaluate --load model --pairs wrong.tsv
said '^  one → un   (wrong: it is wrongx, or another)$'
said '^answers that were cut: 0$'
echo one | "$1" translate --load model --beam 5 --n-best 3 >output
[ "$(wc -l <output)" = 4 ] && grep -q '^un   (P = 0.[0-9]*)$' output || { echo "not the 3 best" && cat output && exit 1; }
says 'n-best 3 is more than --beam 2$' "$1" translate --load model --beam 2 --n-best 3
says '^.…$' "$1" translate --load model --length 1 <several.tsv

# What is too long is left out, with a word; rare words are unknown, and an unknown word is said.
{ cat odd.tsv && printf 'a b c d e f g h i\tx\na\t1 2 3 4 5 6 7 8 9\n'; } >long.tsv
says 'long.tsv: pairs of more than 8 symbols, which are left out: 2; the first begins with a b c d e f g h i$' "$1" train \
    --pairs long.tsv --unit word --longest 8 --min-count 1 --epochs 1 --units 4
says 'long.tsv has no pair that is not longer than --longest 1$' "$1" train --pairs long.tsv --longest 1
says 'long.tsv: no word comes 9 times; a smaller --min-count keeps more of them' "$1" train --pairs long.tsv --unit word --min-count 9
for k in 1 2 3 4 5 6 7 8; do printf 'we see cats\tcats\nwe see dogs\tdogs\nwe see x%s\tothers\n' $k; done >words.tsv
"$1" train --pairs words.tsv --unit word --epochs 200 --units 16 --batch 8 --save words >output
said '^[0-9]* pairs to learn from, [0-9]* held out; 5 and 6 symbols'
printf 'we see cows\nwe see dogs\n' | "$1" translate --load words >output 2>error
[ "$(cat output)" = "others
dogs" ] || { echo "an unknown word is noise" && cat output && exit 1; }
[ "$(cat error)" = 'it has never met "cows"' ] || { cat error && exit 1; }
# Spelled in characters, answered in words.
printf 'ab\tA B\nba\tB A\nabb\tA B B\n' >spelled.tsv
"$1" train --pairs spelled.tsv --target-unit word --min-count 1 --epochs 300 --units 16 --save spelled >output
[ "$(echo abb | "$1" translate --load spelled)" = "A B B" ] || { echo "no words of characters" && cat output && exit 1; }
# A picture that nobody could look at.
head -c 20000 /dev/zero | tr '\0' o | "$1" translate --load model --heatmap large.svg --length 20 >output 2>error || true
grep -q 'would have more than 100000 squares' error || { cat error && exit 1; }
[ ! -e large.svg ] || { echo "it is drawn" && exit 1; }
