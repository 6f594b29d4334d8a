#!/bin/sh
# Fetches the sayings of Debian's fortunes, English, German, Russian and Chinese, into a folder, a file for each language:
# sh examples/char_lm/data.sh [FOLDER]
# Then: sh examples/run.sh --corpus FOLDER/fortunes-ru.txt
set -eu
folder=${1:-.}
command -v dpkg-deb >/dev/null || { echo "dpkg-deb is missing; this needs Debian or Ubuntu" >&2 && exit 1; }
mkdir -p "$folder"
temporary=$(mktemp -d)
trap 'rm -r "$temporary"' EXIT
escape=$(printf '\033')
for package in fortunes fortunes-de fortunes-ru fortunes-zh; do
    (cd "$temporary" && apt-get download --quiet --quiet -o APT::Sandbox::User=root "$package")
    dpkg-deb -x "$temporary/$package"_*.deb "$temporary/$package"
    # Each twentieth saying goes before the next twentieth: the end, which is held back, then is no subject of its own. A blank
    # line takes the place of each %, and colours for a terminal are left out.
    find "$temporary/$package/usr/share/games" -type f ! -name '*.dat' | LC_ALL=C sort | xargs cat |
        LC_ALL=C awk -v RS='(^|\n)%\n' 'NF { all[n++] = $0 }
            END { for (first = 0; first < 20; ++first) for (k = first; k < n; k += 20) print all[k] "\n" }' |
        sed "s/$escape\[[0-9;]*m//g" >"$folder/$package.txt"
    echo "$folder/$package.txt"
done
