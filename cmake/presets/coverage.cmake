# cmake -C cmake/presets/coverage.cmake -S . -B build/coverage
set(CMAKE_CXX_COMPILER clang++ CACHE STRING "")
set(CMAKE_BUILD_TYPE None CACHE STRING "")
set(CMAKE_CXX_FLAGS "-O0 --coverage" CACHE STRING "")
set(BPTT_BUILD_BENCHMARKS OFF CACHE BOOL "")
