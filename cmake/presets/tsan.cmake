# cmake -C cmake/presets/tsan.cmake -S . -B build/tsan
set(CMAKE_CXX_COMPILER clang++ CACHE STRING "")
set(CMAKE_BUILD_TYPE None CACHE STRING "")
set(CMAKE_CXX_FLAGS "-O1 -g1 -fsanitize=thread -DBPTT_FOREIGN_MALLOC" CACHE STRING "")
set(BPTT_BUILD_BENCHMARKS OFF CACHE BOOL "")
