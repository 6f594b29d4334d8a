#pragma once

#include <bptt/core/types.hpp>
#include <string>

namespace caption {

using namespace bptt;

/// How a picture is made of cells, two of which have something in them. A picture is a column of numbers: its pixels row after
/// row, and of each pixel its channels, as red, green and blue.
struct Grid {
    Index rows, columns;            // of cells
    Index height, width, channels;  // of a cell, in pixels, and of a pixel

    Index picture_height() const { return rows * height; }
    Index picture_width() const { return columns * width; }
    Index cells() const { return rows * columns; }
    /// Numbers of a picture.
    Index numbers() const { return cells() * height * width * channels; }
    /// A patch is the pixels of a cell, and below them a one for its place.
    Index patch_rows() const { return height * width * channels + cells(); }
    std::string size_of_cell() const { return std::to_string(width) + 'x' + std::to_string(height); }
    bool operator==(const Grid&) const = default;

    /// The numbers of row y of a cell, in a picture.
    auto row_of(auto& picture, Index cell, Index y) const {
        return picture.middleRows(channels * ((cell / columns * height + y) * picture_width() + cell % columns * width),
                                  channels * width);
    }
    /// A picture as a sequence of its patches, row after row.
    Mat<float> patches(const Mat<float>& picture) const {
        Mat<float> all = Mat<float>::Zero(patch_rows(), cells());
        for (Index p = 0; p < all.cols(); ++p) {
            for (Index y = 0; y < height; ++y) all.block(channels * width * y, p, channels * width, 1) = row_of(picture, p, y);
            all(height * width * channels + p, p) = 1;
        }
        return all;
    }
};

}  // namespace caption
