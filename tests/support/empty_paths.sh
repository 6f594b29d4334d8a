#!/bin/sh
# A path of nothing is refused with its option: empty_paths.sh PROGRAM OPTIONS...
set -eu
program=$1
shift
for option; do
    said=$("$program" train "--$option" "" 2>&1) || true
    [ "$said" = "$(basename "$program"): --$option: the path is empty" ] || { echo "--$option: $said" && exit 1; }
done
