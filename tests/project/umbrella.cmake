# cmake -Dinclude=DIR -P umbrella.cmake: bptt.hpp includes every header, but for those of io/ and most of inspect/.
file(GLOB_RECURSE headers RELATIVE ${include} ${include}/bptt/*.hpp)
list(FILTER headers EXCLUDE REGEX "^bptt/(bptt\\.hpp|io/|inspect/)")
list(APPEND headers bptt/inspect/describe.hpp bptt/inspect/heatmap.hpp bptt/inspect/markup.hpp bptt/inspect/named.hpp
    bptt/inspect/trace.hpp)
file(READ ${include}/bptt/bptt.hpp umbrella)
foreach(header IN LISTS headers)
    string(FIND "${umbrella}" "#include \"${header}\"\n" found)
    if(found EQUAL -1)
        message(SEND_ERROR "bptt.hpp does not include ${header}")
    endif()
endforeach()
