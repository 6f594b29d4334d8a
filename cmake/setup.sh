#!/bin/sh
# Installs what is missing to build parts of the project: sh cmake/setup.sh [tests] [examples] [benchmarks] [versus] [web]
set -eu

has_header() { printf '#include <%s>\n' "$1" | c++ -std=c++20 -E -x c++ -I/usr/include/eigen3 - >/dev/null 2>&1; }

missing=
command -v c++ >/dev/null || missing="$missing g++"
command -v cmake >/dev/null || missing="$missing cmake"
command -v ninja >/dev/null || missing="$missing ninja-build"
has_header Eigen/Core || missing="$missing libeigen3-dev"
case " $* " in *" tests "* | *" examples "*) has_header nlohmann/json.hpp || missing="$missing nlohmann-json3-dev" ;; esac
case " $* " in *" tests "* | *" web "*) has_header onnx/onnx-ml.pb.h || missing="$missing libonnx-dev libprotobuf-dev" ;; esac
for part in "$@"; do
    case $part in
        examples)
            has_header CLI/CLI.hpp || missing="$missing libcli11-dev"
            has_header csv.h || missing="$missing libcsv-dev"
            has_header sndfile.hh || missing="$missing libsndfile1-dev"
            ;;
        tests) has_header catch2/catch_all.hpp || has_header catch2/catch.hpp || missing="$missing catch2" ;;
        benchmarks) has_header benchmark/benchmark.h || missing="$missing libbenchmark-dev" ;;
        versus)
            has_header CLI/CLI.hpp || missing="$missing libcli11-dev"
            has_header oneapi/dnnl/dnnl.hpp || missing="$missing libdnnl-dev"
            has_header torch/script.h || missing="$missing libtorch-dev"
            for blas in openblas blis; do
                [ -d "/usr/lib/$(c++ -dumpmachine 2>/dev/null || echo x86_64-linux-gnu)/$blas-openmp" ] || missing="$missing lib$blas-openmp-dev"
            done
            ;;
        web)
            command -v node >/dev/null || missing="$missing nodejs"
            command -v npm >/dev/null || missing="$missing npm"
            command -v python3 >/dev/null || missing="$missing python3"
            ;;
        *) echo "setup.sh: there is no part $part" >&2 && exit 1 ;;
    esac
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "These packages are missing; their names here are Debian's:$missing" >&2
    exit 1
fi
echo "Installing:$missing"
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
$sudo apt-get update -qq
# shellcheck disable=SC2086
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
