#!/bin/sh
# pkg_config.sh BUILD COMPILER SOURCE: what pkg-config says of BUILD/installed compiles a file, moved to another folder.
set -eu
build=$1 compiler=$2 source=$3
rm -rf "$build/moved"
cp -r "$build/installed" "$build/moved"
export PKG_CONFIG_PATH="$build/moved/share/pkgconfig"
flags=$(pkg-config --cflags --libs bptt)
case $flags in *"$build/installed"*) echo "the prefix is not relative: $flags" >&2 && exit 1 ;; esac
# shellcheck disable=SC2086
"$compiler" -std=c++20 -fsyntax-only "$source" $flags
