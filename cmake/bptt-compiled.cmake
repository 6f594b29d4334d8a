# bptt::compiled: what most programs use of the library, compiled once, with the flags of the project that uses it; it is built
# only if something links it. All files that link it must have the same -march and EIGEN_ macros.
add_library(bptt_compiled STATIC EXCLUDE_FROM_ALL ${CMAKE_CURRENT_LIST_DIR}/compiled.cpp)
add_library(bptt::compiled ALIAS bptt_compiled)
target_link_libraries(bptt_compiled PUBLIC bptt::bptt)
target_compile_definitions(bptt_compiled INTERFACE BPTT_COMPILED)
if(NOT DEFINED CMAKE_POSITION_INDEPENDENT_CODE)
    set_target_properties(bptt_compiled PROPERTIES POSITION_INDEPENDENT_CODE ON) # for shared libraries that link it
endif()
