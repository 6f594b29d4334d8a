# Projects that use the library in each way, and what CMake says where something is missing.
foreach(way IN ITEMS install find_package components add_subdirectory twice own_targets exported)
    add_test(NAME project:${way} COMMAND ${CMAKE_COMMAND} -Dtop=${PROJECT_SOURCE_DIR} -Dbuild=${CMAKE_CURRENT_BINARY_DIR}/users
        -Dgenerator=${CMAKE_GENERATOR} -Dcompiler=${CMAKE_CXX_COMPILER}
        -Dversion=${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR} -Deigen=${eigen} -Djson=${json}
        -Donnx=$<TARGET_EXISTS:bptt::onnx> -Dway=${way}
        -P ${CMAKE_CURRENT_SOURCE_DIR}/consumer.cmake)
endforeach()
set_tests_properties(project:install PROPERTIES FIXTURES_SETUP installed)
set_tests_properties(project:find_package project:components PROPERTIES FIXTURES_REQUIRED installed)

find_program(BPTT_PKG_CONFIG pkg-config)
mark_as_advanced(BPTT_PKG_CONFIG)
if(BPTT_PKG_CONFIG)
    execute_process(COMMAND ${BPTT_PKG_CONFIG} --exists "eigen3 >= 3.4" RESULT_VARIABLE unknown)
    if(unknown EQUAL 0)
        add_test(NAME project:pkg_config COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/pkg_config.sh ${CMAKE_CURRENT_BINARY_DIR}/users
            ${CMAKE_CXX_COMPILER} ${CMAKE_CURRENT_SOURCE_DIR}/library/library.cpp)
        set_tests_properties(project:pkg_config PROPERTIES FIXTURES_REQUIRED installed)
    endif()
endif()

function(cmake_says name source words)
    string(REPLACE " " "[ \n]+" words "${words}") # as it breaks lines
    add_test(NAME project:${name} COMMAND ${CMAKE_COMMAND} -G ${CMAKE_GENERATOR} -S ${source}
        -B ${CMAKE_CURRENT_BINARY_DIR}/${name} -Dtop=${PROJECT_SOURCE_DIR} --no-warn-unused-cli ${ARGN})
    set_tests_properties(project:${name} PROPERTIES PASS_REGULAR_EXPRESSION "${words}")
endfunction()

function(part_needs part package library debian)
    foreach(one IN ITEMS tests examples benchmarks)
        string(TOUPPER ${one} option)
        string(COMPARE EQUAL ${one} ${part} wanted)
        list(APPEND options -DBPTT_BUILD_${option}=${wanted})
    endforeach()
    string(TOUPPER ${part} option)
    cmake_says(without_${package} ${PROJECT_SOURCE_DIR} "CMake Error at .*\\(message\\): The ${part} need ${library} \
\\(Debian: ${debian}\\): install it, or leave them out with -DBPTT_BUILD_${option}=OFF"
        ${options} -DCMAKE_DISABLE_FIND_PACKAGE_${package}=ON)
endfunction()
part_needs(tests Catch2 Catch2 catch2)
part_needs(examples nlohmann_json nlohmann_json nlohmann-json3-dev)
if(TARGET bptt::io)
    part_needs(examples CLI11 CLI11 libcli11-dev)
endif()
part_needs(benchmarks benchmark "Google Benchmark" libbenchmark-dev)
cmake_says(without_Eigen3 ${PROJECT_SOURCE_DIR} "CMake Error at .*\\(message\\): bptt needs Eigen 3.4 or newer \
\\(Debian: libeigen3-dev\\)" -DCMAKE_DISABLE_FIND_PACKAGE_Eigen3=ON)

file(CONFIGURE OUTPUT old_compiler CONTENT "#!/bin/sh
case \" $* \" in *\" -march=native \"*) echo 'unknown architecture native' >&2 && exit 1 ;; esac
exec '@CMAKE_CXX_COMPILER@' \"$@\"
" @ONLY)
file(CHMOD ${CMAKE_CURRENT_BINARY_DIR}/old_compiler PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
set(native ${CMAKE_CURRENT_SOURCE_DIR}/native)
cmake_says(native_unknown ${native}
    "Compiling without -march=native, which the compiler does not know.* -march=native is not used"
    -DCMAKE_CXX_COMPILER=${CMAKE_CURRENT_BINARY_DIR}/old_compiler)
cmake_says(native_cross ${native}
    "Compiling without -march=native: the programs are for another machine.* -march=native is not used"
    -DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER} -DCMAKE_SYSTEM_NAME=${CMAKE_SYSTEM_NAME} -DCMAKE_SYSTEM_PROCESSOR=other)
if(BPTT_NATIVE_FLAG)
    cmake_says(native_known ${native} "-march=native is used" -DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER})
endif()
