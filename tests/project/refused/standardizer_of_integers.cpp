// values of a Standardizer are float or double
#include "bptt/train/standardizer.hpp"

bptt::Mat<int> scale(const bptt::Mat<int>& values) { return bptt::Standardizer::fit(values).scaled(values); }
