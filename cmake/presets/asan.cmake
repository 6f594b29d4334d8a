# cmake -C cmake/presets/asan.cmake -S . -B build/asan
set(CMAKE_BUILD_TYPE None CACHE STRING "")
set(CMAKE_CXX_FLAGS "-O1 -g1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer" CACHE STRING "")
set(BPTT_BUILD_BENCHMARKS OFF CACHE BOOL "")
