# cmake -C cmake/presets/tsan.cmake -S . -B build/tsan -G Ninja && cmake --build build/tsan --target test_threads
# ctest --test-dir build/tsan -L threads
set(CMAKE_CXX_COMPILER clang++ CACHE STRING "")
set(CMAKE_BUILD_TYPE None CACHE STRING "")
set(CMAKE_CXX_FLAGS "-O1 -g1 -fsanitize=thread -DBPTT_FOREIGN_MALLOC -Werror" CACHE STRING "")
set(BPTT_BUILD_BENCHMARKS OFF CACHE BOOL "")
