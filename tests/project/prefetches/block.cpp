#include "bptt/kernels/gemm.hpp"

using namespace bptt::kernels::detail;
template void bptt::kernels::detail::block<float, 2, 4, 1>(Packed<float, 2>, InColumns<float, 4>, bptt::Index,
                                                           const Target<float>&, Ahead<float>);
template void bptt::kernels::detail::block<float, 2, 4, 1>(Unpacked<float>, InColumns<float, 4>, bptt::Index,
                                                           const Target<float>&, Ahead<float>);
