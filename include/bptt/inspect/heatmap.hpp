#pragma once

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "bptt/core/check.hpp"
#include "bptt/core/types.hpp"
#include "bptt/inspect/markup.hpp"

namespace bptt {

namespace detail {

/// A label as it is seen; a space alone is "␣", and none is none.
inline std::string shown_label(std::string_view label) { return label.empty() ? "" : label == " " ? "␣" : shown_symbol(label); }

inline std::string markup_label(std::string_view label) { return markup(shown_label(label)); }

/// From white to dark blue.
inline std::string heat(double w) { return tint({8, 48, 107}, w); }

/// Draws the square of a weight w in 0..1, with its name and w as a tooltip.
inline void square(std::ostream& svg, double x, double y, double side, const std::string& name, double w) {
    svg << "<rect x=\"" << x << "\" y=\"" << y << "\" width=\"" << side << "\" height=\"" << side << "\" fill=\""
        << heat((std::min)(w, 1.0)) << "\" stroke=\"#ddd\"><title>" << name << ": " << std::fixed << std::setprecision(3) << w
        << std::defaultfloat << std::setprecision(6) << "</title></rect>";
}

}  // namespace detail

/// A picture of weights in 0..1 as an SVG document: a square for each, with a label (UTF-8) for each row at the left and for
/// each column on top; white is 0, dark blue is 1; a tooltip shows the value of a square. Throws unless there is a label for
/// each row and column, or if a weight is outside 0..1. An alignment is drawn with the source on top, as in Bahdanau et al.
/// (2015, figure 3), by heatmap(written.alignment.transpose(), target, source).
template <class Derived> std::string heatmap(const Eigen::MatrixBase<Derived>& weights,
                                             const std::vector<std::string>& row_labels,
                                             const std::vector<std::string>& column_labels) {
    throw_unless(std::ssize(row_labels) == weights.rows() && std::ssize(column_labels) == weights.cols(),
                 "heatmap: weights are ", shape(weights), ", there are ", row_labels.size(), " row labels and ",
                 column_labels.size(), " column labels");
    constexpr double cell = 24, letter = 9, gap = 8, middle = 5;  // middle: height of a letter's centre above the baseline
    const auto longest = [](const std::vector<std::string>& labels) {
        std::ptrdiff_t n = 1;
        for (const std::string& label : labels) n = (std::max)(n, detail::label_length(detail::shown_label(label)));
        return static_cast<double>(n);
    };
    const bool upright = longest(column_labels) <= 2;  // longer ones stand on end
    const double left = longest(row_labels) * letter + 2 * gap, top = (upright ? 2 : longest(column_labels)) * letter + 2 * gap,
                 right = left + cell * static_cast<double>(weights.cols()),
                 bottom = top + cell * static_cast<double>(weights.rows());

    auto svg = detail::classic_stream();
    svg << "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" << right + gap << "\" height=\"" << bottom + gap
        << "\" font-family=\"monospace\" font-size=\"15\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n";
    for (Index j = 0; j < weights.cols(); ++j) {
        const double x = left + cell * (static_cast<double>(j) + 0.5) + (upright ? 0 : middle), y = top - gap;
        svg << "<text x=\"" << x << "\" y=\"" << y << '"';
        if (upright)
            svg << " text-anchor=\"middle\"";
        else
            svg << " transform=\"rotate(-90 " << x << ' ' << y << ")\"";
        svg << '>' << detail::markup_label(column_labels[static_cast<std::size_t>(j)]) << "</text>\n";
    }
    for (Index i = 0; i < weights.rows(); ++i) {
        const double y = top + cell * static_cast<double>(i);
        const std::string row = detail::markup_label(row_labels[static_cast<std::size_t>(i)]);
        svg << "<text x=\"" << left - gap << "\" y=\"" << y + cell / 2 + middle << "\" text-anchor=\"end\">" << row
            << "</text>\n";
        for (Index j = 0; j < weights.cols(); ++j) {
            const auto w = static_cast<double>(weights(i, j));
            throw_unless(w >= 0 && w <= 1 + 1e-5, "heatmap: the weight of row ", i, ", column ", j, " is ", w,
                         ", outside 0..1");
            const std::string column = detail::markup_label(column_labels[static_cast<std::size_t>(j)]);
            detail::square(svg, left + cell * static_cast<double>(j), y, cell, row + " ← " + column, w);
        }
        svg << '\n';
    }
    svg << "</svg>\n";
    return svg.str();
}

}  // namespace bptt
