#!/bin/sh
# catch3.sh TOP BUILD: the tests of text/ with Catch2 3, from Debian's backports, where version 2 is installed.
set -eu
top=$1 build=$2
mkdir -p "$build/lists/partial" "$build/catch2"
build=$(cd "$build" && pwd)
echo "deb http://deb.debian.org/debian bookworm-backports main" >"$build/backports.list"
apt() { apt-get -qq -o "Dir::Etc::sourcelist=$build/backports.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$build/lists" "$@"; }
apt update
(cd "$build" && apt -o APT::Sandbox::User=root download libcatch2-dev && dpkg -x libcatch2-dev_3*.deb catch2)
cmake -S "$top" -B "$build" -G Ninja --log-level=WARNING "-DCMAKE_PREFIX_PATH=$build/catch2/usr" \
    -DBPTT_BUILD_EXAMPLES=OFF -DBPTT_BUILD_BENCHMARKS=OFF
cmake --build "$build" --target test_text
"$build/tests/test_text"
