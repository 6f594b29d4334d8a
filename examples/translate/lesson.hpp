#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../support/shown.hpp"
#include "model.hpp"
#include "pairs.hpp"

namespace translate {

/// What is learned from, and with which vocabularies.
struct LessonOptions {
    std::filesystem::path pairs;  // none: what is made up
    Unit unit = Unit::code_point, target_unit = Unit::code_point;
    Index longest = 200;             // symbols of a source or a target
    std::optional<Index> min_count;  // none: 2 for words, 1 for others
};

/// The pairs to learn from, new ones for each epoch where they are made up, and those that are held out: all of some sources.
class Lesson {
public:
    Lesson(const Task& task, const LessonOptions& o, Rng& rng) : task_(task), o_(o), made_(o.pairs.empty()) {
        if (made_) {
            pairs_ = task.make(task.per_epoch, false, rng);
            held_out_ = questions_of(task.make(task.held_out, true, rng));
            return;
        }
        std::vector<Question> questions = questions_of(short_ones(read_pairs(task, o.pairs)));
        sources_ = questions.size();
        throw_unless(sources_ > 1, o.pairs.string(), " holds one source; some are held out, so it takes at least two");
        held_out_ = hold_out(questions, 20, rng);
        pairs_ = pairs_of(questions);
    }
    const std::vector<Pair>& pairs() const { return pairs_; }
    const std::vector<Question>& held_out() const { return held_out_; }
    bool made() const { return made_; }
    void next_epoch(Rng& rng) {
        if (made_) pairs_ = task_.make(task_.per_epoch, false, rng);
    }
    bptt::detail::Checksum checksum() const {
        bptt::detail::Checksum sum;
        const auto add = [&](const std::string& source, const std::string& target) {
            const std::string line = source + '\t' + target + '\n';
            sum.add(line.data(), line.size());
        };
        for (const Pair& pair : pairs_) add(pair.source, pair.target);
        for (const Question& question : held_out_)
            for (const std::string& target : question.targets) add(question.source, target);
        return sum;
    }
    Vocabulary sources() const { return vocabulary(&Pair::source, {.unit = o_.unit, .unk = true}); }
    Vocabulary targets() const {
        return vocabulary(&Pair::target, {.unit = o_.target_unit, .unk = true, .bos = true, .eos = true});
    }
    /// How much there is, and of which sources.
    void describe() const {
        std::size_t held_out = 0;
        for (const Question& question : held_out_) held_out += question.targets.size();
        const std::size_t all = pairs_.size() + held_out;
        if (!made_)
            std::printf(
                "%zu pairs of %zu sources, %zu repeat one. All pairs of a source are learned from, or all are held out,\n"
                "and each of its targets is an exact answer.\n",
                all, sources_, all - sources_);
        std::printf("%zu pairs to learn from%s, %zu held out; ", pairs_.size(), made_ ? " (new ones each epoch)" : "",
                    held_out);
    }

private:
    /// Of a pair, attention keeps memory for each symbol of the source and of the target together.
    std::vector<Pair> short_ones(std::vector<Pair> pairs) const {
        const auto is_long = [&](const Pair& pair) {
            return symbols(pair.source, o_.unit) > o_.longest || symbols(pair.target, o_.target_unit) > o_.longest;
        };
        const auto first = std::ranges::find_if(pairs, is_long);
        if (first == pairs.end()) return pairs;
        const std::string begin = examples::visible(beginning(first->source));
        const std::size_t left_out = std::erase_if(pairs, is_long);
        std::printf("%s: pairs of more than %td symbols, which are left out: %zu; the first begins with %s\n",
                    examples::visible(o_.pairs.string()).c_str(), o_.longest, left_out, begin.c_str());
        throw_unless(!pairs.empty(), o_.pairs.string(), " has no pair that is not longer than --longest ", o_.longest);
        return pairs;
    }
    static Index symbols(const std::string& text, Unit unit) {
        Index count = 0;
        for_each_symbol(text, unit, [&](std::string_view) { ++count; });
        return count;
    }
    Vocabulary vocabulary(std::string Pair::*side, VocabularyOptions options) const {
        options.min_count = o_.min_count.value_or(options.unit == Unit::word ? 2 : 1);
        std::vector<std::string> texts;
        for (const Pair& pair : pairs_) texts.push_back(pair.*side);
        Vocabulary all(texts, options);
        throw_unless(all.size() > 1 + options.bos + options.eos, o_.pairs.string(), ": no ",
                     options.unit == Unit::word ? "word" : "character", " comes ", options.min_count,
                     " times; a smaller --min-count keeps more of them");
        return all;
    }

    const Task& task_;
    const LessonOptions& o_;
    bool made_;
    std::size_t sources_ = 0;  // on both sides, where the pairs are those of a file
    std::vector<Pair> pairs_;
    std::vector<Question> held_out_;
};

}  // namespace translate
