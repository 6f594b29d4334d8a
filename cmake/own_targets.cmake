# What the project's own binaries are compiled with, and users of the library are not.
set(BPTT_WARNINGS -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # GCC bug 105593: its own AVX-512 intrinsics seem uninitialised to it.
    list(APPEND BPTT_WARNINGS -Wno-uninitialized -Wno-maybe-uninitialized)
endif()

function(bptt_own_target target)
    target_link_libraries(${target} PRIVATE bptt::bptt)
    target_compile_options(${target} PRIVATE ${BPTT_WARNINGS})
    if(BPTT_NATIVE)
        target_compile_options(${target} PRIVATE -march=native)
    endif()
endfunction()
