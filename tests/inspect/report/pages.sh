#!/bin/sh
# pages.sh FOLDER: parses what write_pages has written there, and opens it in Chromium. Exit status 77: something is not there.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
skip() { echo "skipped: $1" && exit 77; }
for program in node npm; do
    command -v $program >/dev/null || skip "there is no $program"
done
cp "$here/package.json" "$1"
(cd "$1" && npm install --ignore-scripts --no-audit --no-fund --loglevel=error) || skip "npm could not install"
node "$here/fuzz.mjs" "$1"
[ -x /usr/bin/chromium ] || skip "there is no /usr/bin/chromium"
exec node "$here/browser.mjs" "$1"
