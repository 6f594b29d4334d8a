#!/bin/sh
# platforms.sh [PLATFORM...]: compiles platform/probe.cpp for these platforms, or for all, and runs it, under qemu or wine where
# it is foreign. It installs what it needs by apt, and prints a line for each: platform, compiler, result, seconds.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
build=$top/build/platforms
all="x86-64 x86-64-v3 x86-64-v4 no-vectors row-major c++23 gcc-11 gcc-14 gcc-14-c++26 clang-14 clang-16 clang-19-c++26
libc++-16 libc++-19 aarch64 armhf riscv64 s390x ppc64le i386 i386-sse2 mingw-w64"

# platform NAME: its packages; its compiler, with flags; the folder of the sources and of the program, as the compiler sees
# them; what runs the program; what the CPU must know.
platform() {
    packages='' compiler=g++ flags=-std=c++20 sources=$top programs=$build run='' cpu='' skip=''
    case $1 in
        x86-64 | x86-64-v3 | x86-64-v4)
            flags="$flags -march=$1"
            case $1 in *v3) cpu=avx2 ;; *v4) cpu=avx512f ;; esac
            ;;
        no-vectors) flags="$flags -DEIGEN_DONT_VECTORIZE" ;;
        row-major) flags="$flags -DEIGEN_DEFAULT_TO_ROW_MAJOR" ;;
        c++23) flags=-std=c++23 ;;
        gcc-11) packages=g++-11 compiler=g++-11 ;;
        gcc-14 | gcc-14-c++26)
            packages=debootstrap compiler="chroot $build/trixie g++" sources=/bptt programs=/bptt run="chroot $build/trixie"
            [ "$1" = gcc-14 ] || flags=-std=c++26
            ;;
        clang-14 | clang-16) packages=$1 compiler=clang++-${1#*-} ;;
        # libstdc++ 12 itself calls what clang 19 knows to be deprecated.
        clang-19-c++26) packages=clang-19 compiler=clang++-19 flags="-std=c++2c -Wno-deprecated-declarations" ;;
        libc++-*)
            packages=clang-${1#*-} compiler=clang++-${1#*-} lib=$build/$1/usr/lib/llvm-${1#*-}
            flags="$flags -nostdinc++ -isystem $lib/include/c++/v1 -stdlib=libc++ -L$lib/lib -Wl,-rpath,$lib/lib"
            ;;
        aarch64 | riscv64) cross "$1-linux-gnu" "$1" ;;
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
        *) echo "platforms.sh: there is no platform $1; there are $all" >&2 && exit 2 ;;
    esac
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
    case $1 in
        libc++-*)
            [ ! -d "$build/$1/usr" ] || return 0
            mkdir -p "$build/$1"
            version=${1#*-}
            (cd "$build/$1" && apt-get download -qq -o APT::Sandbox::User=root "libc++-$version-dev" "libc++1-$version" \
                "libc++abi-$version-dev" "libc++abi1-$version" "libunwind-$version") || return 1
            for package in "$build/$1"/*.deb; do dpkg -x "$package" "$build/$1"; done
            ;;
        gcc-14*)
            [ -d "$build/trixie/usr/include/nlohmann" ] ||
                debootstrap --variant=minbase --include=g++,libeigen3-dev,nlohmann-json3-dev trixie "$build/trixie" || return 1
            rm -rf "$build/trixie/bptt"
            mkdir -p "$build/trixie/bptt/tests/project"
            cp -r "$top/include" "$build/trixie/bptt/"
            cp -r "$top/tests/project/platform" "$build/trixie/bptt/tests/project/"
            ;;
    esac
}

# shellcheck disable=SC2086
probe() {
    $compiler $flags -O1 -pthread -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror "-I$sources/include" \
        -isystem /usr/include/eigen3 -isystem "$build/include" "$sources/tests/project/platform/probe.cpp" \
        -o "$programs/$1.exe" && $run "$programs/$1.exe"
}

sh "$top/cmake/setup.sh" tests
apt-get update -qq
mkdir -p "$build/include"
ln -sfn /usr/include/nlohmann "$build/include/nlohmann" # alone: cross compilers must not see all of /usr/include
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
