// needs the CMake target bptt::onnx, or -DONNX_ML, libonnx_proto and libprotobuf
#include "bptt/io/onnx.hpp"
