# find_package(bptt) and pkg-config for other projects.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_DATADIR}/cmake/bptt)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/bptt-config-version.cmake
    COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT) # before 1.0, 0.2 promises nothing to users of 0.1
install(DIRECTORY include/bptt DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS bptt EXPORT bptt-targets)
install(EXPORT bptt-targets NAMESPACE bptt:: DESTINATION ${package_dir})
install(TARGETS bptt_io EXPORT bptt-io-targets)
install(EXPORT bptt-io-targets NAMESPACE bptt:: DESTINATION ${package_dir})
install(TARGETS bptt_onnx EXPORT bptt-onnx-targets)
install(EXPORT bptt-onnx-targets NAMESPACE bptt:: DESTINATION ${package_dir})
install(FILES cmake/bptt-config.cmake cmake/bptt-dependencies.cmake cmake/bptt-compiled.cmake cmake/compiled.cpp
    ${PROJECT_BINARY_DIR}/bptt-config-version.cmake
    DESTINATION ${package_dir})

# Paths from the file itself, so that the installed tree may be moved.
cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX BASE_DIRECTORY ${CMAKE_INSTALL_FULL_DATADIR}/pkgconfig OUTPUT_VARIABLE to_prefix)
set(include_dir \${prefix})
cmake_path(APPEND include_dir ${CMAKE_INSTALL_INCLUDEDIR}) # alone if it is absolute
configure_file(cmake/bptt.pc.in ${PROJECT_BINARY_DIR}/bptt.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/bptt.pc DESTINATION ${CMAKE_INSTALL_DATADIR}/pkgconfig)
