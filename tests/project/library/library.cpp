#include <bptt/core/types.hpp>

bptt::Index rows(const bptt::Mat<float>& x) { return x.rows(); }
