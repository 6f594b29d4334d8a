# cmake -Dlog=FILE -P json_lines.cmake
# Passes if each line of a training's log is JSON with all figures, and the last one was validated.
file(STRINGS ${log} lines)
foreach(line IN LISTS lines)
    foreach(name IN ITEMS step epoch loss validation rate gradient_norm tokens_per_second)
        string(JSON value GET "${line}" ${name})
    endforeach()
    string(JSON validation GET "${line}" validation)
endforeach()
if(NOT validation GREATER 0)
    message(FATAL_ERROR "${log}: its last line is ${line}")
endif()
