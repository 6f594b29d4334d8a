#pragma once

#include <array>
#include <bptt/core/check.hpp>
#include <bptt/core/random.hpp>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "../support/images.hpp"
#include "grid.hpp"
#include "scene.hpp"

namespace caption {

/// A picture, and what is right to say of it.
struct Example {
    Mat<float> picture;
    std::string caption;
};
/// Which pictures: those that a training learns from, new ones of pairs that it has, or new ones of pairs that none has.
enum class Part { learned, known_pairs, held_out };

/// The words of captions of real pictures, beside names.
inline constexpr std::array pair_words = {"a", "dark", "bright", "above", "left", "of"};

/// The grid of two real pictures, each of height × width grey pixels.
inline Grid pair_grid(Index height, Index width) {
    return {.rows = 2, .columns = 2, .height = height, .width = width, .channels = 1};
}

/// Two real pictures of a folder in one, the first above the other or to its left. New ones are from its part t10k.
class Pairs {
public:
    /// Throws where the folder lacks something, its parts have images of different sizes, or a part lacks a kind of pair.
    explicit Pairs(const std::filesystem::path& folder)
        : names_(examples::image_names(folder)), learned_(part(folder, "train")), others_(part(folder, "t10k")) {
        const Grid others = grid_of(others_);
        throw_unless(others == grid(), folder.string(), ": the images of its part t10k have ", others.size_of_cell(),
                     " pixels, those that are learned from ", grid().size_of_cell());
        std::set<std::string> words(pair_words.begin(), pair_words.end());
        for (const std::string& name : names_)
            throw_unless(words.insert(name).second, folder.string(), "/names.txt: ", name,
                         " is there twice, or is another word of captions");
        const auto expect = [&](const examples::LabelledImages& all, const char* part, bool held_out) {
            const std::set<Index> found(all.labels.begin(), all.labels.end());
            bool has = false;
            for (const Index a : found)
                for (const Index b : found) has |= is_held_out(a, b) == held_out;
            throw_unless(has, folder.string(), ": its part ", part, " has no pair that is ", held_out ? "" : "not ",
                         "held out; held out are the names k and ", std::ssize(names_) - 1,
                         " - k of names.txt, from 0 on, one dark and one bright");
        };
        expect(learned_, "train", false), expect(others_, "t10k", false), expect(others_, "t10k", true);
    }

    const std::vector<std::string>& names() const { return names_; }
    Grid grid() const { return grid_of(learned_); }
    const examples::LabelledImages& images(Part part) const { return part == Part::learned ? learned_ : others_; }
    /// Whether no training has these two looks in one picture. Each look misses one partner, of the other brightness.
    bool is_held_out(Index a, Index b) const { return a + b + 1 == 2 * std::ssize(names_); }
    /// "a dark sandal"
    std::string name(Index look) const {
        return (look % 2 == 0 ? "a dark " : "a bright ") + names_[static_cast<std::size_t>(look / 2)];
    }
    Example draw(Part part, Rng& rng) const {
        const examples::LabelledImages& all = images(part);
        for (;;) {
            const auto a = static_cast<std::size_t>(rng.below(std::ssize(all.images)));
            const auto b = static_cast<std::size_t>(rng.below(std::ssize(all.images)));
            if (is_held_out(all.labels[a], all.labels[b]) != (part == Part::held_out)) continue;
            const bool is_above = rng.below(2) == 1;
            const Index place = rng.below(2), first = is_above ? place : 2 * place, second = first + (is_above ? 2 : 1);
            const Grid whole = grid();
            Mat<float> picture = Mat<float>::Zero(whole.numbers(), 1);
            for (Index y = 0; y < whole.height; ++y) {
                whole.row_of(picture, first, y) = all.images[a].col(y);
                whole.row_of(picture, second, y) = all.images[b].col(y);
            }
            return {picture, name(all.labels[a]) + (is_above ? " above " : " left of ") + name(all.labels[b])};
        }
    }

private:
    static Grid grid_of(const examples::LabelledImages& all) { return pair_grid(all.images[0].cols(), all.images[0].rows()); }
    /// A part of the folder. Its labels become looks: 2 × label, and 1 more where the mean of all pixels but black ones is
    /// bright.
    examples::LabelledImages part(const std::filesystem::path& folder, const char* name) const {
        auto all = examples::image_part(folder, name, std::ssize(names_));
        for (std::size_t k = 0; k < all.images.size(); ++k) {
            const auto lit = static_cast<float>((all.images[k].array() > 0).count());
            all.labels[k] = 2 * all.labels[k] + (2 * all.images[k].sum() > lit ? 1 : 0);
        }
        return all;
    }

    std::vector<std::string> names_;
    examples::LabelledImages learned_, others_;
};

/// Where pictures come from: the real ones of a folder, or shapes that are drawn.
using Source = std::optional<Pairs>;

inline Source source_in(const std::filesystem::path& images) { return images.empty() ? Source() : Pairs(images); }
inline Example draw_example(const Source& source, Part part, Rng& rng) {
    if (source) return source->draw(part, rng);
    const Scene scene = draw_scene(part == Part::held_out, rng);
    return {paint(scene, rng), scene.caption()};
}

}  // namespace caption
