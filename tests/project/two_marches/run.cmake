# cmake -Dcompiler=PATH -Dinclude=DIR -Deigen=DIR -Dbuild=DIR -P run.cmake: a program of two files ends with a sentence if their
# -march differs, and runs if it doesn't.
file(MAKE_DIRECTORY ${build})
function(compile source march)
    execute_process(COMMAND ${compiler} -std=c++20 -O0 -march=${march} -I${include} -isystem ${eigen} -c
        ${CMAKE_CURRENT_LIST_DIR}/${source}.cpp -o ${build}/${source}_${march}.o COMMAND_ERROR_IS_FATAL ANY)
endfunction()
function(run other expected words)
    execute_process(COMMAND ${compiler} ${build}/main_x86-64.o ${build}/other_${other}.o -o ${build}/program COMMAND_ERROR_IS_FATAL ANY)
    execute_process(COMMAND ${build}/program RESULT_VARIABLE result ERROR_VARIABLE said)
    if(NOT result EQUAL expected OR NOT said MATCHES "${words}")
        message(FATAL_ERROR "with -march=${other}: ${result}, \"${said}\"")
    endif()
endfunction()
compile(main x86-64)
compile(other x86-64)
compile(other x86-64-v3)
run(x86-64 0 "^$")
run(x86-64-v3 1 "^bptt: two files of this program were compiled for different instruction sets, .*give all files .* the same -march and EIGEN_ macros")
