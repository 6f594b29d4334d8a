# cmake -Dtop=DIR -Dbuild=DIR -Dgenerator=NAME -Dway=find_package|add_subdirectory -P consumer.cmake: a project that uses
# the library.
file(REMOVE_RECURSE ${build})
function(run)
    execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()
if(way STREQUAL "find_package")
    run(${CMAKE_COMMAND} -G ${generator} -S ${top} -B ${build}/bptt -DBPTT_BUILD_TESTS=OFF -DBPTT_BUILD_EXAMPLES=OFF -DBPTT_BUILD_BENCHMARKS=OFF)
    run(${CMAKE_COMMAND} --install ${build}/bptt --prefix ${build}/installed)
endif()
run(${CMAKE_COMMAND} -G ${generator} -S ${top}/tests/project/consumer -B ${build}/use -Dway=${way} -Dtop=${top} -DCMAKE_PREFIX_PATH=${build}/installed)
run(${CMAKE_COMMAND} --build ${build}/use)
run(${build}/use/program)
