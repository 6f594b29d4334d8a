# cmake -Dinclude=DIR -P umbrella.cmake: bptt.hpp includes every header, but for those of io/ and what draws charts and pages.
file(GLOB_RECURSE headers RELATIVE ${include} ${include}/bptt/*.hpp)
file(READ ${include}/bptt/bptt.hpp umbrella)
foreach(header IN LISTS headers)
    string(FIND "${umbrella}" "#include \"${header}\"\n" found)
    if(found EQUAL -1 AND NOT header STREQUAL "bptt/bptt.hpp" AND NOT header MATCHES "^bptt/(io/|inspect/(chart|report|gradient_flow|jacobian_flow|saturation))")
        message(SEND_ERROR "bptt.hpp does not include ${header}")
    endif()
endforeach()
