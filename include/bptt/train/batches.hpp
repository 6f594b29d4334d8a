#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>
#include <vector>

#include "bptt/sequence/buckets.hpp"

namespace bptt {

namespace detail {

using IndexSequences = std::vector<std::vector<Index>>;
template <class T> using MatSequences = std::vector<Mat<T>>;

template <class X> inline constexpr bool is_sequences = false;
template <> inline constexpr bool is_sequences<IndexSequences> = true;
template <class T> inline constexpr bool is_sequences<MatSequences<T>> = true;
/// One target a sequence.
template <class X> inline constexpr bool is_labels = false;
template <> inline constexpr bool is_labels<std::vector<Index>> = true;
template <class T> inline constexpr bool is_labels<Mat<T>> = true;

/// As what a batch holds some of X.
template <class X> using Batched = std::conditional_t<std::is_same_v<X, IndexSequences>, Tokens, X>;

inline Index step_count(const std::vector<Index>& sequence) { return std::ssize(sequence); }
template <class T> Index step_count(const Mat<T>& sequence) { return sequence.cols(); }

}  // namespace detail

/// Some of labelled sequences: inputs[i] and targets[i] are of sequence places[i] among all, so that what a model makes of them
/// can be put back.
template <class Inputs, class Targets> struct LabelledBatch {
    detail::Batched<Inputs> inputs;    // Tokens, or matrices: Sequence<T>::of(tape, batch.inputs)
    detail::Batched<Targets> targets;  // of Tokens' kind, too, or one a sequence
    std::vector<Index> places;
};

namespace detail {

/// What batches() are of.
template <class Inputs, class Targets> struct Labelled {
    static_assert(is_sequences<Inputs>, "batches: sequences are a vector<vector<Index>>, or a vector<Mat<T>>");
    static_assert(is_sequences<Targets> || is_labels<Targets>,
                  "batches: targets are a vector<Index>, a Mat<T>, or sequences as the inputs are");
    using Batch = LabelledBatch<Inputs, Targets>;
    static constexpr const char* name = "sequences";

    Inputs inputs;
    Targets targets;

    Labelled(Inputs x, Targets y) : inputs(std::move(x)), targets(std::move(y)) {
        check_numbers("sequence", inputs);
        check_numbers("target", targets);
        const Index count = std::ssize(inputs);
        if constexpr (is_sequences<Targets>) {
            throw_unless(std::ssize(targets) == count, "batches: ", count, " sequences, targets of ", targets.size());
            for (std::size_t k = 0; k < size(); ++k)
                throw_unless(step_count(targets[k]) == step_count(inputs[k]), "batches: sequence ", k, " has ",
                             step_count(inputs[k]), " steps, its targets ", step_count(targets[k]));
        } else {
            const Index labels = step_count(targets);
            throw_unless(labels == count, "batches: ", count, " sequences, ", labels, " targets");
        }
    }

    std::size_t size() const { return inputs.size(); }
    Index lengths(std::size_t k) const { return step_count(inputs[k]); }
    void fill(Batch& batch, Gather::Places places, Gather& gather) const {
        gather(batch.inputs, inputs, places);
        gather(batch.targets, targets, places);
        batch.places.assign(places.begin(), places.end());
    }

private:
    static void check_numbers(const char*, const IndexSequences&) {}
    template <class T> static void check_numbers(const char* what, const MatSequences<T>& all) {
        check_sequences("batches", what, all);
    }
    static void check_numbers(const char*, const std::vector<Index>&) {}
    template <class T> static void check_numbers(const char*, const Mat<T>& targets) {
        check_finite(targets, "batches: targets: ");
    }
};

}  // namespace detail

template <class Inputs, class Targets> using LabelledBatches = Buckets<detail::Labelled<Inputs, Targets>>;

/// Buckets labelled sequences into batches of similar lengths. Sequences: std::vector<std::vector<Index>>, which a batch holds
/// as Tokens, or std::vector<Mat<T>>, each features × its own steps. Targets: a std::vector<Index> of one class a sequence, a
/// Mat<T> of one column a sequence, or sequences of as many steps as the inputs have. Throws where counts, steps or rows
/// differ, and where a number is not finite. The result does not refer to the arguments; move in what is large.
template <class Inputs, class Targets>
LabelledBatches<Inputs, Targets> batches(Inputs sequences, Targets targets, BatchOptions options = {}) {
    return {"batches", detail::Labelled<Inputs, Targets>(std::move(sequences), std::move(targets)), options};
}

}  // namespace bptt
