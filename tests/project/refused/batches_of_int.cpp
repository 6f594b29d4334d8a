// batches: sequences are a vector<vector<Index>>, or a vector<Mat<T>>
#include "bptt/train/batches.hpp"

void go_over(const std::vector<std::vector<int>>& sequences, const std::vector<bptt::Index>& targets) {
    for (const auto& batch : bptt::batches(sequences, targets)) (void)batch;
}
