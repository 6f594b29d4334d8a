#!/bin/sh
# What classify makes of files of texts, of lines, and of what would command a terminal: classified.sh CLASSIFY
set -eu
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cd "$folder"
program=$1 escape=$(printf '\033')
# said WORDS: the output has them.
said() { grep -q -- "$1" output || { echo "no \"$1\":" && cat -v output && exit 1; }; }
# says WORDS COMMAND...: its output has the words, and no control characters but lines and tabs.
says() {
    words=$1
    shift
    "$@" >output 2>&1 || true
    tr -d '\000-\010\013-\037\177' <output | cmp - output
    said "$words"
}
lines() { printf '%s\n' "$@" | "$program" classify --load model; }
in_terminal() { TERM=xterm script -qec "${1:-} '$program' classify --load model <line" /dev/null </dev/null >output; }

for k in $(seq 60); do
    printf "red$escape]0;a\\tthe rose's %s is\\ttall\\r\\n\\nblue\\tthe sky %s is, all of it, wide\\n" "$k" "$k"
done >texts.tsv
says 'texts.tsv: left out are blank lines: 60$' "$program" train --texts texts.tsv --epochs 20 --units 8 --length 4 --save model \
    --report page.html
said '^108 texts to learn from, 12 held out; 2 classes; [0-9]* parameters$'
said '^texts cut at a --length of 4: [0-9]* of 108$'
said '^red␛\]0;a  '
said '^100.00 % of 12 are right'
said '^100.00 %: regression, unigrams$'
grep -q "red␛\]0;a, taken for red␛\]0;a" page.html || { echo "no text on the page" && exit 1; }

says '^100.00 % of 120 are right' "$program" evaluate --load model --texts texts.tsv --svg picture.svg
said '^texts cut at a --length of 4: 120 of 120$'
grep -q '<title>red␛\]0;a ← blue: 0.000</title>' picture.svg || { echo "no picture" && cat picture.svg && exit 1; }
sed 's/^blue/green/' texts.tsv >other.tsv
says '^classify: the label green is none of the model.s$' "$program" evaluate --load model --texts other.tsv
says 'has learned texts; give others with --texts$' "$program" evaluate --load model

says "^red␛\]0;a [01][.][0-9]*	blue 0" lines "the rose's${escape}[2J 7 is"
says '^blue [01][.][0-9]*$' sh -c "echo 'the sky, is' | '$program' classify --load model --best 1"
says '^texts of which the first 4 symbols were read: 1 of 2$' lines 'the sky' 'the sky is one, two'
lines 'the sky is one' >first
lines "the sky is one rose's rose's rose's rose's rose's rose's" | cmp - first
lines 'the sky is one' ' ' 'the sky is one' >output
printf '%s\n\n%s\n' "$(cat first)" "$(cat first)" | cmp - output
says '^classify: line 1 is not UTF-8$' lines "$(printf '\351')"
echo "the sky${escape}[2J is" >line
if command -v script >/dev/null; then # of bsdutils
    in_terminal
    said "^$escape\[38;5;16;48;5;[0-9]*mthe.*sky"
    ! grep -q "$escape\[2J" output || { echo "a command" && cat -v output && exit 1; }
    in_terminal NO_COLOR=1
    ! grep -q "$escape" output || { echo "colours" && cat -v output && exit 1; }
fi

for _ in 1 2 3; do echo "a	one text"; done >same.tsv
says 'same.tsv holds one text' "$program" train --texts same.tsv
printf 'a\tone\na\ttwo\n' >label.tsv
says 'label.tsv has one label, a; it takes at least two' "$program" train --texts label.tsv
printf 'a\tone\nb\n\t two\nc\t \t\nd\t\351\ne\n\n' >bad.tsv
says 'bad.tsv:2: no tab between label and text; line 3: an empty label; line 4: an empty text; line 5: invalid UTF-8; line 6: no tab' \
    "$program" train --texts bad.tsv
for k in $(seq 7); do echo "$k"; done >bad.tsv
says ':5: no tab\|line 5: no tab between label and text; such lines in all: 7$' "$program" train --texts bad.tsv
for k in 1 2 3 4 5 6; do printf ' so \ttext %s\nso\tline %s\n' $k $k; done >spaces.tsv
says 'spaces.tsv has one label, so; it takes at least two' "$program" train --texts spaces.tsv
printf '\n \n' >blank.tsv
says 'blank.tsv holds no texts' "$program" train --texts blank.tsv

# Nothing but the classes' numbers can be learned from these, where no balance is asked for.
for k in $(seq 100); do [ $((k % 10)) = 0 ] && printf 'rare\tnumber %s\n' "$k" || printf 'often\tnumber %s\n' "$k"; done >rare.tsv
"$program" train --texts rare.tsv --epochs 40 --units 8 --save model >output
says '^often 0[.]\(8[5-9]\|9[0-5]\)' lines 'number 1000'
"$program" train --texts rare.tsv --epochs 40 --units 8 --balance --save model >output
says '^[a-z]* 0[.]5' lines 'number 1000'
for unit in byte character; do
    says '^100.00 % of 12 are right' "$program" train --texts texts.tsv --unit $unit --epochs 30 --units 16 --min-count 1
done
