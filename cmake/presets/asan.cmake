# cmake -C cmake/presets/asan.cmake -S . -B build/asan
# clang, without optimisation but for the kernels: gcc takes four times as long to compile the same, which the faster tests do
# not make up for.
# Matrices that nobody has written to hold NaN, so that reading one fails a test.
set(CMAKE_CXX_COMPILER clang++ CACHE STRING "")
set(CMAKE_BUILD_TYPE None CACHE STRING "")
set(CMAKE_CXX_FLAGS "-O0 -g1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer \
-DEIGEN_INITIALIZE_MATRICES_BY_NAN -Werror" CACHE STRING "")
# The kernels do most of the tests' work and are compiled once. Calls and no line numbers halve the time that this takes; a null
# pointer faults in any case, and AddressSanitizer knows the sizes of objects.
set(BPTT_KERNELS_OPTIONS -O1 -g0 -fsanitize-address-outline-instrumentation -fno-sanitize=null,object-size CACHE STRING "")
set(BPTT_BUILD_BENCHMARKS OFF CACHE BOOL "")
set(BPTT_ERRORS_NDEBUG ON CACHE BOOL "")
