#!/bin/sh
# platforms.sh [PLATFORM...]: compiles platform/probe.cpp for these platforms, or for all, and runs it, under qemu or wine where
# it is foreign. Where other code of the kernels is compiled, tests of the cells follow. It installs what it needs by apt, and
# prints a line for each: platform, compiler, result, seconds.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
build=$top/build/platforms
all="x86-64 x86-64-v2 x86-64-v3 x86-64-v4 no-vectors row-major c++23 gcc-11 gcc-13 gcc-14 gcc-14-c++26 clang-14 clang-15
clang-16 clang-16-c++23 clang-17 clang-18 clang-19 clang-19-c++26 libc++-16 libc++-17 libc++-18 libc++-19 aarch64 armhf
riscv64 s390x ppc64le i386 i386-sse2 mingw-w64 eigen-5"
# Products and packets; gradients, kernels against equations, both against PyTorch.
tests="kernels/gemm kernels/few kernels/exponential cells/rnn cells/lstm cells/gru cells/peepholes
kernels/rnn kernels/lstm kernels/lstm_peepholes kernels/gru live/stream
parity/pytorch_rnn parity/pytorch_lstm parity/pytorch_peepholes parity/pytorch_gru"

# platform NAME: its packages; its compiler, with flags; the folder of the sources and of the program, as the compiler sees
# them; what runs the program; what the CPU must know; the tests that follow.
platform() {
    packages='' compiler=g++ flags=-std=c++20 sources=$top programs=$build run='' cpu='' skip='' follow='' suite='' inside=''
    case $1 in
        x86-64 | x86-64-v[234])
            flags="$flags -march=$1" follow=$tests
            case $1 in
                *v2) cpu=sse4_2 ;;
                *v3) cpu=avx2 ;;
                *v4) cpu=avx512f flags="$flags -Wno-uninitialized -Wno-maybe-uninitialized" ;; # in gcc 12's own headers
            esac
            ;;
        no-vectors) flags="$flags -DEIGEN_DONT_VECTORIZE" follow=$tests ;;
        row-major) flags="$flags -DEIGEN_DEFAULT_TO_ROW_MAJOR" follow=$tests ;;
        c++23) flags=-std=c++23 ;;
        gcc-11) packages=g++-11 compiler=g++-11 ;;
        gcc-13 | gcc-14) tree trixie "g++-${1#*-}" "g++-${1#*-}" ;;
        gcc-14-c++26) tree trixie g++-14 g++-14 && flags=-std=c++26 ;;
        clang-14 | clang-15 | clang-16 | clang-19) packages=$1 compiler=clang++-${1#*-} ;;
        clang-16-c++23) packages=clang-16 compiler=clang++-16 flags=-std=c++2b ;;
        clang-17 | clang-18) tree trixie "$1" "clang++-${1#*-}" ;;
        clang-19-c++26) packages=clang-19 compiler=clang++-19 flags=-std=c++2c ;;
        libc++-17 | libc++-18)
            version=${1#*-}
            tree trixie "clang-$version libc++-$version-dev libc++abi-$version-dev" "clang++-$version"
            flags="$flags -stdlib=libc++"
            ;;
        libc++-16 | libc++-19)
            packages=clang-${1#*-} compiler=clang++-${1#*-} lib=$build/$1/usr/lib/llvm-${1#*-}
            flags="$flags -nostdinc++ -isystem $lib/include/c++/v1 -stdlib=libc++ -L$lib/lib -Wl,-rpath,$lib/lib"
            ;;
        aarch64) cross "$1-linux-gnu" "$1" && follow=$tests ;;
        riscv64) cross "$1-linux-gnu" "$1" ;;
        armhf) cross arm-linux-gnueabihf arm ;;
        s390x) cross s390x-linux-gnu s390x ;;
        ppc64le) cross powerpc64le-linux-gnu ppc64le ;;
        # -static: a thread of any other program hangs under qemu-i386 7.2.
        i386) cross i686-linux-gnu i386 -static ;;
        i386-sse2) cross i686-linux-gnu i386 -static -march=pentium4 -mfpmath=sse ;;
        mingw-w64)
            packages="g++-mingw-w64-x86-64-posix wine64" compiler=x86_64-w64-mingw32-g++-posix
            flags="$flags -static" run="env WINEDEBUG=-all WINEPREFIX=$build/wine /usr/lib/wine/wine64"
            ;;
        eigen-5) tree forky g++ g++ ;; # with the latest g++, too
        *) echo "platforms.sh: there is no platform $1; there are $all" >&2 && exit 2 ;;
    esac
}

# tree SUITE PACKAGES COMPILER: of a later Debian, in a tree of its own.
tree() {
    packages=debootstrap suite=$1 inside=$2 compiler="chroot $build/$1 $3"
    sources=/bptt programs=/bptt run="chroot $build/$1"
}

# cross TRIPLET CPU [FLAG...]: Debian's cross compiler, and qemu for the CPU.
cross() {
    packages="g++-$1 qemu-user" compiler=$1-g++ run="qemu-$2 -L /usr/$1"
    shift 2
    flags="$flags $*"
}

# have NAME: installs what the platform needs. No package may go for it, so what conflicts is unpacked in build/.
have() {
    # shellcheck disable=SC2086
    [ -z "$packages" ] || apt-get install -y -qq --no-install-recommends --no-remove $packages || return 1
    if [ -n "$inside" ]; then
        [ -d "$build/$suite/usr/include/nlohmann" ] ||
            debootstrap --variant=minbase --include=libeigen3-dev,nlohmann-json3-dev "$suite" "$build/$suite" '' \
                /usr/share/debootstrap/scripts/sid || return 1
        # shellcheck disable=SC2086
        chroot "$build/$suite" apt-get install -y -qq --no-install-recommends $inside || return 1
        rm -rf "$build/$suite/bptt"
        mkdir -p "$build/$suite/bptt/tests/project"
        cp -r "$top/include" "$build/$suite/bptt/"
        cp -r "$top/tests/project/platform" "$build/$suite/bptt/tests/project/"
    fi
    case $1 in
        libc++-16 | libc++-19)
            [ ! -d "$build/$1/usr" ] || return 0
            mkdir -p "$build/$1"
            version=${1#*-}
            (cd "$build/$1" && apt-get download -qq -o APT::Sandbox::User=root "libc++-$version-dev" "libc++1-$version" \
                "libc++abi-$version-dev" "libc++abi1-$version" "libunwind-$version") || return 1
            for package in "$build/$1"/*.deb; do dpkg -x "$package" "$build/$1"; done
            ;;
    esac
}

# program NAME ARGUMENT...: compiles a program and runs it.
# shellcheck disable=SC2086
program() {
    out=$programs/$1.exe
    shift
    $compiler $flags -O1 -pthread -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wformat=2 -Werror "-I$sources/include" \
        "-I$sources/tests" -isystem /usr/include/eigen3 -isystem "$build/include" "$@" -o "$out" && $run "$out"
}
probe() {
    program "$1" "$sources/tests/project/platform/probe.cpp" || return 1
    [ -n "$follow" ] || return 0
    # shellcheck disable=SC2086
    printf '#include "%s.cpp"\n' $follow >"$build/$1.cpp"
    program "$1-tests" -Wno-shadow -DBPTT_COMPILED "-DBPTT_FIXTURES=\"$top/tests/fixtures\"" "$build/$1.cpp" \
        "$top/cmake/compiled.cpp" "$top/tests/support/catch_main.cpp"
}

sh "$top/cmake/setup.sh" tests
apt-get update -qq
mkdir -p "$build/include"
for library in nlohmann catch2; do # alone: cross compilers must not see all of /usr/include
    ln -sfn "/usr/include/$library" "$build/include/$library"
done
failed=0
# shellcheck disable=SC2086
[ $# -gt 0 ] || set -- $all
for name in "$@"; do
    platform "$name"
    log=$build/$name.log
    begin=$(date +%s)
    version=
    if [ -n "$cpu" ] && ! grep -qw "$cpu" /proc/cpuinfo; then skip="this CPU has no $cpu"; fi
    if [ -n "$skip" ]; then
        result="not run: $skip"
    elif ! have "$name" >"$log" 2>&1; then
        result="not run: cannot be installed, $(tail -n 1 "$log")"
    else
        version=$($compiler --version | head -n 1)
        if probe "$name" >"$log" 2>&1; then result=passed; else result=failed failed=1; fi
    fi
    printf '%-15s %-60s %s, %d s\n' "$name" "$version" "$result" "$(($(date +%s) - begin))"
    [ "$result" != failed ] || grep -v '^In file\|^ \|note:' "$log" | head -n 20
done
exit $failed
