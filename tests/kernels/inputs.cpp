#include "bptt/kernels/inputs.hpp"

#include <vector>

#include "bptt/kernels/gemm.hpp"
#include "catch.hpp"
#include "support/random.hpp"

using namespace bptt;

// Threads share the rows of the weights' gradients: whatever the parts, each number is added to, once, where it belongs.
TEMPLATE_TEST_CASE("inputs: rows of the weights' gradients, part by part", "", float, double) {
    using T = TestType;
    Rng rng(1);
    constexpr Index rows = 45, features = 7, columns = 11, classes = 5, stride = rows + 3;
    const double tolerance = sizeof(T) == 8 ? 1e-13 : 1e-5;
    const Mat<T> dz = random_mat(stride, columns, rng).template cast<T>(),
                 x = random_mat(features, columns, rng).template cast<T>();
    std::vector<Index> tokens;
    for (Index k = 0; k < columns; ++k) tokens.push_back(rng.below(classes));
    const auto d = dz.topRows(rows).template cast<double>();
    Mat<double> table = Mat<double>::Ones(rows, classes);
    for (Index k = 0; k < columns; ++k) table.col(tokens[static_cast<std::size_t>(k)]) += d.col(k);
    const Mat<double> W = Mat<double>::Ones(rows, features) + d * x.template cast<double>().transpose(),
                      b = (d.rowwise().sum().array() + 1).matrix();

    for (const Index first : {Index{0}, Index{1}, Index{16}, Index{44}, rows}) {
        Mat<T> dtable = Mat<T>::Ones(rows, classes), dW = Mat<T>::Ones(rows, features), db = Mat<T>::Ones(rows, 1), again = db;
        std::vector<T> scratch(static_cast<std::size_t>(kernels::outer_scratch<T>));
        const kernels::TableGradients<T> by_table{rows, tokens.data(), db.data(), dtable.data()};
        const kernels::FeatureGradients<T> by_features{rows, features, x.data(), nullptr, dW.data(), again.data(), nullptr};
        for (const kernels::RowRange part : {kernels::RowRange{0, first}, kernels::RowRange{first, rows - first}}) {
            by_table.add_weights(part, columns, dz.data(), stride, scratch.data());
            by_features.add_weights(part, columns, dz.data(), stride, scratch.data());
        }
        CHECK((dtable.template cast<double>() - table).norm() < tolerance * table.norm());
        CHECK((db.template cast<double>() - b).norm() < tolerance * b.norm());
        CHECK((dW.template cast<double>() - W).norm() < tolerance * W.norm());
        CHECK((again.template cast<double>() - b).norm() < tolerance * b.norm());
    }
}
