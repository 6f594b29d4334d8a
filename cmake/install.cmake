# find_package(bptt) for other projects.
if(NOT PROJECT_IS_TOP_LEVEL)
    return()
endif()
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_DATADIR}/cmake/bptt)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/bptt-config-version.cmake
    COMPATIBILITY SameMajorVersion ARCH_INDEPENDENT)
install(DIRECTORY include/bptt DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS bptt EXPORT bptt-targets)
install(EXPORT bptt-targets NAMESPACE bptt:: DESTINATION ${package_dir})
install(FILES cmake/bptt-config.cmake ${PROJECT_BINARY_DIR}/bptt-config-version.cmake DESTINATION ${package_dir})
