#!/bin/sh
# What tag color makes of a source and of hostile texts: colored.sh TAG MODEL
set -eu
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
program=$1 model=$2
cd "$folder"
escape=$(printf '\033')
fail() { echo "$1" && cat -v output && exit 1; }
color() { "$program" color --load "$model" "$@" >output 2>&1 || fail "it fails"; }
# has WORDS: the output has them. harmless FILE: it has no control characters but lines and tabs, and no code point is broken up.
has() { grep -q -- "$1" output || fail "no \"$1\""; }
harmless() {
    tr -d '\000-\010\013-\037\177' <"$1" | cmp - "$1"
    ! LC_ALL=C.UTF-8 grep -axv '.*' "$1" || fail "no UTF-8"
}

printf 'int a; // é%s]0;x\n\t"<b>&\200"\n' "$escape" >"a$escape.hpp"
color "a$escape.hpp"
has '^a␛.hpp: [0-9.]* % of 27 characters are right$'
has '^comment green, string red'
has "$escape\\[0;[0-9]*m"
sed "s/$escape\\[0;*[0-9]*\\(;4\\)*m//g" output >without_own
harmless without_own
grep -q '^int a; // é␛]0;x↵*$' without_own || fail "another text"
NO_COLOR=1 color "a$escape.hpp"
harmless output
has '^int a; // é␛]0;x↵$'
has '^⇥"<b>&⟨x80⟩"↵$'

printf 'no source' >a.txt
color a.txt
has '^a.txt$'
! grep -q "$escape\\[0;[0-9]*;4m" output || fail "something is wrong, though nobody knows what is right"

color "a$escape.hpp" --svg picture.svg --html page.html
[ "$(wc -l <output)" = 2 ] || fail "more than two lines"
harmless picture.svg
harmless page.html
for file in picture.svg page.html; do
    grep -q '&lt;b&gt;&amp;⟨x80⟩' $file || fail "$file has another text"
    ! grep -q '<b>' $file || fail "$file has it as markup"
done
