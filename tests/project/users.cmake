# Projects that use the library in each way.
foreach(way IN ITEMS install find_package components add_subdirectory twice own_targets exported)
    add_test(NAME project:${way} COMMAND ${CMAKE_COMMAND} -Dtop=${PROJECT_SOURCE_DIR} -Dbuild=${CMAKE_CURRENT_BINARY_DIR}/users
        -Dgenerator=${CMAKE_GENERATOR} -Dcompiler=${CMAKE_CXX_COMPILER}
        -Dversion=${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR} -Deigen=${eigen} -Djson=${json} -Dway=${way}
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
