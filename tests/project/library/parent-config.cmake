include(CMakeFindDependencyMacro)
find_dependency(bptt OPTIONAL_COMPONENTS io)
include(${CMAKE_CURRENT_LIST_DIR}/parent-targets.cmake)
