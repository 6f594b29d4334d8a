# The libraries that bptt uses, for its own build and in the installed package. A parent project may have made them itself.
if(NOT TARGET Eigen3::Eigen)
    find_package(Eigen3 3.4 QUIET NO_MODULE)
    if(NOT Eigen3_FOUND)
        find_package(Eigen3 5 QUIET NO_MODULE) # a new major version: asking for 3.4 refuses it
    endif()
endif()
find_package(Threads QUIET)
if(NOT TARGET nlohmann_json::nlohmann_json)
    find_package(nlohmann_json 3.10 QUIET)
endif()

# The protobuf classes of ONNX, without find_package: Debian's ONNXConfig.cmake names files that none of its packages has, and
# targets protobuf::… from here would stop a parent project's own find_package(protobuf).
find_path(BPTT_ONNX_INCLUDE onnx/onnx_pb.h)
find_path(BPTT_PROTOBUF_INCLUDE google/protobuf/message.h)
find_library(BPTT_ONNX_LIBRARY onnx_proto)
find_library(BPTT_PROTOBUF_LIBRARY protobuf)
mark_as_advanced(BPTT_ONNX_INCLUDE BPTT_PROTOBUF_INCLUDE BPTT_ONNX_LIBRARY BPTT_PROTOBUF_LIBRARY)
if(NOT TARGET bptt::onnx_proto AND BPTT_ONNX_INCLUDE AND BPTT_PROTOBUF_INCLUDE AND BPTT_ONNX_LIBRARY AND BPTT_PROTOBUF_LIBRARY)
    add_library(bptt::onnx_proto INTERFACE IMPORTED)
    target_include_directories(bptt::onnx_proto INTERFACE ${BPTT_ONNX_INCLUDE} ${BPTT_PROTOBUF_INCLUDE})
    target_compile_definitions(bptt::onnx_proto INTERFACE ONNX_ML ONNX_NAMESPACE=onnx)
    target_link_libraries(bptt::onnx_proto INTERFACE ${BPTT_ONNX_LIBRARY} ${BPTT_PROTOBUF_LIBRARY})
endif()

unset(bptt_missing)
if(NOT TARGET Eigen3::Eigen)
    set(bptt_missing "bptt needs Eigen 3.4 or newer (Debian: libeigen3-dev).")
elseif(NOT TARGET Threads::Threads)
    set(bptt_missing "bptt needs the system's threads, which CMake does not find.")
endif()
