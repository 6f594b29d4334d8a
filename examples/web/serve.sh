#!/bin/sh
# Serves a page on which a model of char_lm writes: sh examples/web/serve.sh [MODEL.safetensors [PORT]]
# Without a model it trains one for a minute, once. The page needs no network beyond this machine.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
site=$top/build/web
program=$top/build/examples/char_lm
sh "$top/cmake/setup.sh" examples web
sh "$top/cmake/build.sh" examples char_lm
mkdir -p "$site"
model=${1:-$site/model.safetensors}
[ $# -gt 0 ] || [ -f "$model" ] || "$program" train --seconds 60 --save "$model"
"$program" export --load "$model" --onnx "$site/model.onnx"
cp "$here/index.html" "$here/style.css" "$here/page.js" "$here/model.js" "$here/package.json" "$site"
(cd "$site" && npm install --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error)
exec python3 -u -m http.server --bind 127.0.0.1 --directory "$site" "${2:-8000}"
