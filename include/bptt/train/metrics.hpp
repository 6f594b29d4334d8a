#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <ostream>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "bptt/core/check.hpp"
#include "bptt/core/table.hpp"

namespace bptt {

/// The share of places at which both have the same class.
inline double accuracy(std::span<const Index> predicted, std::span<const Index> targets) {
    throw_unless(predicted.size() == targets.size(), "accuracy: predicted has ", predicted.size(), " entries, targets has ",
                 targets.size());
    throw_unless(!targets.empty(), "accuracy: predicted and targets are empty");
    Index equal = 0;
    for (std::size_t k = 0; k < targets.size(); ++k) equal += predicted[k] == targets[k];
    return static_cast<double>(equal) / static_cast<double>(targets.size());
}

/// Counts which classes were taken for which. Where a share would be of nothing it is 0: the precision of a class that was
/// never predicted, the recall of one that was never a target, and the F1 of one that was neither.
class Confusion {
public:
    /// Classes by name, or by number: then the numbers are their names.
    explicit Confusion(std::vector<std::string> classes) : names_(std::move(classes)) {
        throw_unless(!names_.empty(), "Confusion: classes is empty");
        for (auto name = names_.begin(); name != names_.end(); ++name)
            throw_unless(std::find(names_.begin(), name, *name) == name, "Confusion: there are two classes \"", *name, '"');
        counts_.setZero(std::ssize(names_), std::ssize(names_));
    }
    explicit Confusion(Index classes) : Confusion(numbered(classes)) {}

    /// Mind the order: the truth comes first.
    void add(Index target, Index predicted) { add(std::span(&target, 1), std::span(&predicted, 1)); }
    /// All of them, or none where one is no class.
    void add(std::span<const Index> targets, std::span<const Index> predicted) {
        throw_unless(targets.size() == predicted.size(), "Confusion::add: targets has ", targets.size(),
                     " classes, predicted has ", predicted.size());
        for (const Index k : targets) expect_class("add: target", k);
        for (const Index k : predicted) expect_class("add: predicted", k);
        for (std::size_t k = 0; k < targets.size(); ++k) ++counts_(targets[k], predicted[k]);
    }

    const std::vector<std::string>& names() const { return names_; }
    /// classes × classes: counts()(target, predicted).
    const Mat<Index>& counts() const { return counts_; }
    /// The counts divided by their row's sum: of a target, how often it was taken for each class. A picture of it is
    /// heatmap(confusion.shares(), confusion.names(), confusion.names()).
    Mat<double> shares() const {
        Mat<double> all(counts_.rows(), counts_.cols());
        for (Index i = 0; i < all.rows(); ++i)
            for (Index j = 0; j < all.cols(); ++j) all(i, j) = share(counts_(i, j), counts_.row(i).sum());
        return all;
    }

    /// Throws where nothing was added, as macro_f1() does.
    double accuracy() const { return share(counts_.trace(), total("accuracy")); }
    /// Of those that were taken for class k, the share that is of class k.
    double precision(Index k) const { return expect_class("precision: k", k), share(counts_(k, k), counts_.col(k).sum()); }
    /// Of those of class k, the share that was taken for class k.
    double recall(Index k) const { return expect_class("recall: k", k), share(counts_(k, k), counts_.row(k).sum()); }
    /// The harmonic mean of precision and recall.
    double f1(Index k) const {
        return expect_class("f1: k", k), share(2 * counts_(k, k), counts_.row(k).sum() + counts_.col(k).sum());
    }
    /// The mean of f1() over the classes that came up, as a target or as a prediction.
    double macro_f1() const {
        total("macro_f1");
        double sum = 0;
        Index classes = 0;
        for (Index k = 0; k < counts_.rows(); ++k) {
            if (counts_.row(k).sum() + counts_.col(k).sum() == 0) continue;
            sum += f1(k);
            ++classes;
        }
        return sum / static_cast<double>(classes);
    }

    /// A table: a line for each target with the counts of what it was taken for, and with the class's precision, recall and F1.
    std::string str() const {
        std::vector<std::vector<std::string>> rows{{"target"}};
        rows[0].insert(rows[0].end(), names_.begin(), names_.end());
        rows[0].insert(rows[0].end(), {"precision", "recall", "F1"});
        for (Index i = 0; i < counts_.rows(); ++i) {
            auto& row = rows.emplace_back(1, names_[static_cast<std::size_t>(i)]);
            for (Index j = 0; j < counts_.cols(); ++j) row.push_back(std::to_string(counts_(i, j)));
            for (const double x : {precision(i), recall(i), f1(i)}) row.push_back(three_decimals(x));
        }
        std::string aligned = "l";
        aligned.resize(rows.back().size(), 'r');
        return detail::table(rows, aligned);
    }
    friend std::ostream& operator<<(std::ostream& out, const Confusion& c) { return out << c.str(); }

private:
    static std::vector<std::string> numbered(Index classes) {
        throw_unless(classes > 0, "Confusion: classes is ", classes, ", not positive");
        std::vector<std::string> names;
        for (Index k = 0; k < classes; ++k) names.push_back(std::to_string(k));
        return names;
    }
    void expect_class(const char* what, Index k) const {
        throw_unless(k >= 0 && k < counts_.rows(), "Confusion::", what, " is ", k, ", outside 0..", counts_.rows() - 1);
    }
    Index total(const char* what) const {
        const Index all = counts_.sum();
        throw_unless(all > 0, "Confusion::", what, ": nothing was added");
        return all;
    }
    static double share(Index part, Index whole) {
        return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
    }
    static std::string three_decimals(double share) {  // 0.500 whatever the locale
        std::array<char, 8> text;
        return {text.data(), std::to_chars(text.data(), text.data() + text.size(), share, std::chars_format::fixed, 3).ptr};
    }

    std::vector<std::string> names_;
    Mat<Index> counts_;
};

}  // namespace bptt
