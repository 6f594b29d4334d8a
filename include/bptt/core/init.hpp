#pragma once

#include <cmath>

#include "bptt/core/compiled.hpp"
#include "bptt/core/random.hpp"

namespace bptt {

/// A rows×cols matrix, filled column by column with the results of draw().
template <class T> Mat<T> random_matrix(Index rows, Index cols, auto&& draw) {
    detail::check_shape("random_matrix", {rows, cols});
    Mat<T> m(rows, cols);
    for (Index k = 0; k < m.size(); ++k) m.data()[k] = static_cast<T>(draw());
    return m;
}

/// outputs×inputs, uniform in ±√(6 / (inputs + outputs)) (Glorot and Bengio 2010).
template <class T> Mat<T> glorot_uniform(Index outputs, Index inputs, Rng& rng) {
    detail::check_shape("glorot_uniform", {outputs, inputs});
    const double limit = std::sqrt(6.0 / static_cast<double>(inputs + outputs));
    return random_matrix<T>(outputs, inputs, [&] { return rng.uniform(-limit, limit); });
}

#ifdef BPTT_INSTANCE
BPTT_INSTANCE Mat<float> glorot_uniform(Index, Index, Rng&);
BPTT_INSTANCE Mat<double> glorot_uniform(Index, Index, Rng&);
#endif

/// n×n with W Wᵀ = I, uniform over the orthogonal group (Saxe et al. 2014; signs as in Mezzadri 2007): the Q of the QR
/// decomposition of a matrix of standard normal numbers, R with a positive diagonal, by Householder reflections I − 2 v vᵀ.
template <class T> Mat<T> orthogonal(Index n, Rng& rng) {
    detail::check_shape("orthogonal", {n, n});
    if (rng.draws_zeros()) return Mat<T>::Zero(n, n);
    using Column = Eigen::Map<Eigen::VectorXd>;
    Mat<double> v = random_matrix<double>(n, n, [&] { return rng.normal(); }), q(n, n);
    q.setIdentity();
    const auto below = [n](Mat<double>& m, Index k, Index j) { return Column(m.data() + j * n + k, n - k); };  // rows k..n − 1
    const auto reflect = [&](Index k, Column column) {
        const Column x = below(v, k, k);
        column -= (2 * x.dot(column)) * x;
    };
    for (Index k = 0; k < n; ++k) {
        Column x = below(v, k, k);
        const double r = x(0) < 0 ? x.norm() : -x.norm();  // what the reflection makes of x: (r, 0, …, 0)
        if (r < 0) q(k, k) = -1;
        x(0) -= r;
        x.normalize();
        for (Index j = k + 1; j < n; ++j) reflect(k, below(v, k, j));
    }
    for (Index k = n; k-- > 0;)
        for (Index j = k; j < n; ++j) reflect(k, below(q, k, j));
    return q.cast<T>();
}
#ifdef BPTT_INSTANCE
BPTT_INSTANCE Mat<float> orthogonal(Index, Rng&);
BPTT_INSTANCE Mat<double> orthogonal(Index, Rng&);
#endif

/// `count` results of make(), all of one shape, on top of each other: the row blocks of a cell's gates.
template <class T> Mat<T> row_blocks(Index count, auto&& make) {
    throw_unless(count >= 0, "row_blocks: count is ", count, ", not 0 or more");
    Mat<T> all;
    for (Index k = 0; k < count; ++k) {
        const Mat<T> block = make();
        if (k == 0) all.resize(count * block.rows(), block.cols());
        throw_unless(all.rows() == count * block.rows() && all.cols() == block.cols(), "row_blocks: block ", k, " is ",
                     shape(block), ", all ", count, " blocks are ", shape(all));
        all.middleRows(k * block.rows(), block.rows()) = block;
    }
    return all;
}

}  // namespace bptt
