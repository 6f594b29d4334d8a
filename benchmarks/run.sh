#!/bin/sh
# Builds the benchmarks and runs them: sh benchmarks/run.sh [arguments of Google Benchmark]
# With --versus: beside libtorch and oneDNN, as tables and versus.csv:
# sh benchmarks/run.sh --versus [--isa native,avx2] [--only W1] [--rounds 15]
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
case ${1-} in
    --versus)
        shift
        sh "$top/cmake/setup.sh" benchmarks versus
        sh "$top/cmake/build.sh" versus bptt_versus
        case " $* " in *avx2*) sh "$top/cmake/build.sh" versus bptt_versus_avx2 ;; esac
        exec "$top/build/benchmarks/versus/bptt_versus" "$@"
        ;;
esac
sh "$top/cmake/setup.sh" benchmarks
sh "$top/cmake/build.sh" benchmarks bptt_benchmarks
exec "$top/build/benchmarks/bptt_benchmarks" "$@"
