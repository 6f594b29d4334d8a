#!/bin/sh
# runtime.sh FOLDER: runs run_cases.mjs in a folder that write_cases has filled, with ONNX Runtime as examples/web uses it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
for program in node npm; do
    command -v $program >/dev/null || { echo "skipped: there is no $program" && exit 0; }
done
cp "$here/../../examples/web/package.json" "$1"
(cd "$1" && npm install --ignore-scripts --no-audit --no-fund --omit=dev --loglevel=error) ||
    { echo "skipped: there is no onnxruntime-web, npm could not install it" && exit 0; }
exec node "$here/run_cases.mjs" "$1"
