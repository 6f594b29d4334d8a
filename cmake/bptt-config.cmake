include(CMakeFindDependencyMacro)
find_package(Eigen3 3.4 QUIET NO_MODULE)
if(NOT Eigen3_FOUND)
    find_dependency(Eigen3 5 NO_MODULE)
endif()
find_dependency(Threads)
include(${CMAKE_CURRENT_LIST_DIR}/bptt-targets.cmake)

# As nothing is compiled, it depends on the machine of the user alone whether there is a bptt::io.
find_package(nlohmann_json 3.10 QUIET)
if(nlohmann_json_FOUND AND NOT TARGET bptt::io)
    add_library(bptt::io INTERFACE IMPORTED)
    target_link_libraries(bptt::io INTERFACE bptt::bptt nlohmann_json::nlohmann_json)
endif()
