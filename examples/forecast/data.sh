#!/bin/sh
# Fetches hourly and daily temperatures of Seattle, from npm's vega-datasets, into a folder: sh examples/forecast/data.sh [FOLDER]
# Then: sh examples/run.sh forecast --csv FOLDER/seattle-weather-hourly-normals.csv --target temperature
set -eu
folder=${1:-.}
command -v npm >/dev/null || { echo "npm is missing; on Debian it is the package npm" >&2 && exit 1; }
mkdir -p "$folder"
temporary=$(mktemp -d)
trap 'rm -r "$temporary"' EXIT
(cd "$temporary" && tar -xzf "$(npm pack --silent vega-datasets@2.11.0)")
for name in seattle-weather-hourly-normals seattle-weather; do
    cp "$temporary/package/data/$name.csv" "$folder/"
    echo "$folder/$name.csv"
done
