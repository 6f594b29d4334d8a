#pragma once

#include <cmath>
#include <cstddef>
#include <locale>
#include <numeric>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "bptt/core/check.hpp"
#include "bptt/core/table.hpp"

namespace bptt {

/// Shifts and scales each feature (a row) to mean 0 and deviation 1, over the columns that it was fitted on: those of the
/// training alone, since what it knows of the others the model would know, too. It computes in double.
class Standardizer {
public:
    Standardizer() = default;  // of no features

    /// values: features × columns. The deviation is √(Σ(x − mean)² / columns); a feature that is constant is divided by 1.
    /// Throws where a value is not finite, or where values differ so much that the deviation is not.
    template <class Derived> static Standardizer fit(const Eigen::MatrixBase<Derived>& values) {
        throw_unless(values.size() > 0, "Standardizer::fit: values are ", shape(values), ", empty");
        const Mat<double> all = values.template cast<double>();
        detail::check_finite(all, "Standardizer::fit: ");
        Standardizer s;
        for (Index i = 0; i < all.rows(); ++i) {
            const double first = all(i, 0);
            const auto x = all.row(i).array() - first;  // small where the mean is large, and 0 where it is constant
            const double mean = x.mean();
            const double deviation = (x - mean).matrix().stableNorm() / std::sqrt(static_cast<double>(x.size()));
            throw_unless(std::isfinite(deviation), "Standardizer::fit: the deviation of row ", i, " is ", deviation,
                         ", not finite; its values are too large");
            s.features_.push_back({first + mean, deviation > 0 ? deviation : 1});
        }
        return s;
    }
    /// The same over all columns of several sequences, features × their own steps each, as batches() takes them.
    template <class T> static Standardizer fit(const std::vector<Mat<T>>& sequences) {
        throw_unless(!sequences.empty(), "Standardizer::fit: no sequences");
        detail::check_sequences("Standardizer::fit", "sequence", sequences);
        Index columns = 0;
        for (const Mat<T>& x : sequences) columns += x.cols();
        Mat<double> all(sequences[0].rows(), columns);
        columns = 0;
        for (const Mat<T>& x : sequences) {
            all.middleCols(columns, x.cols()) = x.template cast<double>();
            columns += x.cols();
        }
        return fit(all);
    }

    /// The number of features.
    Index size() const { return std::ssize(features_); }

    /// (x − mean) / deviation of each feature; with `rows`, the rows of the values are these features, from the first again
    /// after the last, as a forecast has the targets of one step below those of the step before. Throws where a result is not
    /// finite.
    template <class Derived> Mat<typename Derived::Scalar> scaled(const Eigen::MatrixBase<Derived>& values) const {
        return scaled(values, all_rows("scaled", shape(values)));
    }
    template <class Derived>
    Mat<typename Derived::Scalar> scaled(const Eigen::MatrixBase<Derived>& values, const std::vector<Index>& rows) const {
        return each("scaled", values, rows, [](double x, Feature f) { return (x - f.mean) / f.deviation; });
    }
    /// The inverse of scaled(): x · deviation + mean.
    template <class Derived> Mat<typename Derived::Scalar> original(const Eigen::MatrixBase<Derived>& values) const {
        return original(values, all_rows("original", shape(values)));
    }
    template <class Derived>
    Mat<typename Derived::Scalar> original(const Eigen::MatrixBase<Derived>& values, const std::vector<Index>& rows) const {
        return each("original", values, rows, [](double x, Feature f) { return x * f.deviation + f.mean; });
    }

    /// As text: for each feature a line with its mean, a space and its deviation, in as few digits as give the same bits.
    std::string serialize() const {
        std::string text;
        for (const Feature f : features_) text += detail::digits_of(f.mean) + ' ' + detail::digits_of(f.deviation) + '\n';
        return text;
    }
    /// The inverse of serialize(). Throws where a line is not a finite mean and a positive deviation.
    static Standardizer deserialize(std::string_view text) {
        Standardizer s;
        for (Index number = 1; number == 1 || !text.empty(); ++number) {
            const auto expect = [&](bool ok, const auto&... what) {
                throw_unless(ok, "Standardizer::deserialize: line ", number, ": ", what...);
            };
            const auto size = text.find('\n');
            expect(size != text.npos, "it does not end with a newline");
            const std::string line(text.substr(0, size));
            text.remove_prefix(size + 1);
            std::istringstream in(line);
            in.imbue(std::locale::classic());
            Feature f;
            in >> f.mean >> f.deviation;
            expect(in && in.eof() && std::isfinite(f.mean) && std::isfinite(f.deviation) && f.deviation > 0, '"', line,
                   "\" is not a mean and a positive deviation");
            s.features_.push_back(f);
        }
        return s;
    }

private:
    struct Feature {
        double mean = 0, deviation = 1;
    };

    /// Of values that have a row for each feature.
    std::vector<Index> all_rows(const char* what, detail::Shape values) const {
        throw_unless(values.rows == size(), "Standardizer::", what, ": values are ", values, ", for ", size(), " features");
        std::vector<Index> rows(features_.size());
        std::iota(rows.begin(), rows.end(), Index{0});
        return rows;
    }
    /// f(x, feature) of each value.
    template <class Derived, class F> Mat<typename Derived::Scalar> each(const char* what,
                                                                         const Eigen::MatrixBase<Derived>& values,
                                                                         const std::vector<Index>& rows, F f) const {
        static_assert(std::is_floating_point_v<typename Derived::Scalar>, "values of a Standardizer are float or double");
        const Index listed = std::ssize(rows);
        throw_unless(listed == 0 ? values.rows() == 0 : values.rows() % listed == 0, "Standardizer::", what, ": values are ",
                     shape(values), ", not a multiple of the ", listed, " rows that are listed");
        Mat<typename Derived::Scalar> result = values;
        for (Index i = 0; i < result.rows(); ++i) {
            const Index k = rows[static_cast<std::size_t>(i % listed)];
            throw_unless(k >= 0 && k < size(), "Standardizer::", what, ": feature ", k, " is outside 0..", size() - 1);
            for (Index j = 0; j < result.cols(); ++j) {
                auto& y = result(i, j);
                const auto x = static_cast<double>(y);
                y = static_cast<typename Derived::Scalar>(f(x, features_[static_cast<std::size_t>(k)]));
                throw_unless(std::isfinite(y), "Standardizer::", what, ": row ", i, ", column ", j, ": ", x, " becomes ", y,
                             ", not finite");
            }
        }
        return result;
    }

    std::vector<Feature> features_;
};

}  // namespace bptt
