#!/bin/sh
# Builds the benchmarks and runs them: sh benchmarks/run.sh [arguments of Google Benchmark]
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
sh "$top/cmake/setup.sh" benchmarks
sh "$top/cmake/build.sh" benchmarks bptt_benchmarks
exec "$top/build/benchmarks/bptt_benchmarks" "$@"
