#pragma once

#include <bptt/core/utf8.hpp>
#include <bptt/text/load.hpp>
#include <bptt/text/symbols.hpp>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace examples {

/// What an idx file has (the format of MNIST): bytes in one dimension or several, of these sizes; the last runs fastest.
struct Idx {
    std::vector<bptt::Index> sizes;
    std::string bytes;
};

/// Throws unless a file is an idx file of bytes in so many dimensions, unpacked, whole, and not empty.
inline Idx read_idx(const std::filesystem::path& file, bptt::Index dimensions) {
    const std::string name = file.string();
    bptt::throw_unless(!std::filesystem::is_directory(file), name, " is a folder, not an idx file");
    Idx idx{{}, bptt::read_text(file)};
    const auto byte = [&](std::size_t k) { return static_cast<bptt::Index>(static_cast<unsigned char>(idx.bytes[k])); };
    bptt::throw_unless(!idx.bytes.starts_with("\x1f\x8b"), name, " is compressed: unpack it with gunzip");
    const std::size_t head = 4 + 4 * static_cast<std::size_t>(dimensions);
    bptt::throw_unless(idx.bytes.size() >= head && byte(0) == 0 && byte(1) == 0, name, " is no idx file");
    bptt::throw_unless(byte(2) == 8 && byte(3) == dimensions, name, " has numbers of type ", byte(2), " in ", byte(3),
                       " dimensions, not bytes, type 8, in ", dimensions);
    double expected = 1;
    std::string shape;
    for (std::size_t k = 4; k < head; k += 4) {
        const bptt::Index size = byte(k) << 24 | byte(k + 1) << 16 | byte(k + 2) << 8 | byte(k + 3);
        idx.sizes.push_back(size);
        expected *= static_cast<double>(size);
        shape += (shape.empty() ? "" : "x") + std::to_string(size);
    }
    idx.bytes.erase(0, head);
    bptt::throw_unless(static_cast<double>(idx.bytes.size()) == expected, name, " has ", idx.bytes.size(),
                       " bytes after its header, which says ", shape);
    bptt::throw_unless(expected > 0, name, " holds nothing: its header says ", shape);
    return idx;
}

/// Images, and what each is of.
struct LabelledImages {
    std::vector<bptt::Mat<float>> images;  // width×height: column t is row t of the image, from the top; 0..1
    std::vector<bptt::Index> labels;
};

/// The images of one idx file with the labels of another. Throws unless there is a label for each, below `classes`.
inline LabelledImages read_images(const std::filesystem::path& images, const std::filesystem::path& labels,
                                  bptt::Index classes) {
    const Idx pixels = read_idx(images, 3), known = read_idx(labels, 1);
    const bptt::Index count = pixels.sizes[0], height = pixels.sizes[1], width = pixels.sizes[2];
    bptt::throw_unless(known.sizes[0] == count, images.string(), " has ", count, " images, ", labels.string(), " has ",
                       known.sizes[0], " labels");
    LabelledImages all;
    using Bytes = Eigen::Matrix<unsigned char, Eigen::Dynamic, Eigen::Dynamic>;
    const auto* const first = reinterpret_cast<const unsigned char*>(pixels.bytes.data());
    for (bptt::Index k = 0; k < count; ++k) {
        all.images.push_back(Eigen::Map<const Bytes>(first + k * width * height, width, height).cast<float>() / 255);
        all.labels.push_back(static_cast<unsigned char>(known.bytes[static_cast<std::size_t>(k)]));
        bptt::throw_unless(all.labels.back() < classes, labels.string(), ": label ", k, " is ", all.labels.back(),
                           ", there are ", classes, " classes");
    }
    return all;
}

/// The names of the classes of the images in a folder: the words of its names.txt.
inline std::vector<std::string> image_names(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    const std::filesystem::path file = folder / "names.txt";
    const std::string text = bptt::read_text(file);
    bptt::throw_unless(bptt::detail::is_utf8(text), file.string(), " is no UTF-8");
    bptt::for_each_symbol(text, bptt::Unit::word, [&](std::string_view name) { names.emplace_back(name); });
    return names;
}
/// A part of the images of a folder: "train", or "t10k", which is held out.
inline LabelledImages image_part(const std::filesystem::path& folder, const std::string& part, bptt::Index classes) {
    return read_images(folder / (part + "-images-idx3-ubyte"), folder / (part + "-labels-idx1-ubyte"), classes);
}

}  // namespace examples
