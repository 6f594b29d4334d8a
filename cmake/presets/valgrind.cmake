# cmake -C cmake/presets/valgrind.cmake -S . -B build/valgrind
# Without AVX-512 and DWARF 5, which valgrind 3.19 cannot read, and with valgrind's malloc instead of the tests' own.
set(CMAKE_CXX_COMPILER clang++ CACHE STRING "")
set(CMAKE_BUILD_TYPE None CACHE STRING "")
set(CMAKE_CXX_FLAGS "-O1 -g1 -gdwarf-4 -DBPTT_FOREIGN_MALLOC" CACHE STRING "")
set(BPTT_NATIVE OFF CACHE BOOL "")
set(BPTT_BUILD_BENCHMARKS OFF CACHE BOOL "")
