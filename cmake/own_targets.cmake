# What the project's own binaries are compiled with, and users of the library are not.
set(BPTT_WARNINGS -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # GCC bug 105593: its own AVX-512 intrinsics seem uninitialised to it.
    list(APPEND BPTT_WARNINGS -Wno-uninitialized -Wno-maybe-uninitialized)
endif()

set(BPTT_NATIVE_FLAG "")
if(BPTT_NATIVE AND CMAKE_CROSSCOMPILING)
    message(STATUS "Compiling without -march=native: the programs are for another machine")
elseif(BPTT_NATIVE)
    include(CheckCXXCompilerFlag)
    check_cxx_compiler_flag(-march=native BPTT_KNOWS_NATIVE)
    if(BPTT_KNOWS_NATIVE)
        set(BPTT_NATIVE_FLAG -march=native)
    else()
        message(WARNING "Compiling without -march=native, which the compiler does not know "
            "(-DBPTT_NATIVE=OFF: without this warning)")
    endif()
endif()

function(bptt_own_target target)
    target_link_libraries(${target} PRIVATE bptt::bptt)
    target_compile_options(${target} PRIVATE ${BPTT_WARNINGS} ${BPTT_NATIVE_FLAG})
endfunction()

# Says in one sentence which library a part of the project lacks: bptt_part_needs(tests Catch2 Catch2::Catch2 catch2)
function(bptt_part_needs part library target debian)
    if(NOT TARGET ${target})
        string(TOUPPER ${part} option)
        message(FATAL_ERROR "The ${part} need ${library} (Debian: ${debian}): install it, or leave them out with "
            "-DBPTT_BUILD_${option}=OFF.")
    endif()
endfunction()

# Of a library that has no CMake package: a target for the linker's name and its header.
function(bptt_find_plain_library name header)
    string(TOUPPER BPTT_${name} variable)
    find_path(${variable}_INCLUDE ${header})
    find_library(${variable}_LIBRARY ${name})
    mark_as_advanced(${variable}_INCLUDE ${variable}_LIBRARY)
    if(${variable}_INCLUDE AND ${variable}_LIBRARY AND NOT TARGET ${name}::${name})
        add_library(${name}::${name} UNKNOWN IMPORTED GLOBAL)
        set_target_properties(${name}::${name} PROPERTIES IMPORTED_LOCATION "${${variable}_LIBRARY}"
            INTERFACE_INCLUDE_DIRECTORIES "${${variable}_INCLUDE}")
    endif()
endfunction()
