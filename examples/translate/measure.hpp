#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

#include "../support/progress.hpp"
#include "../support/shown.hpp"
#include "model.hpp"
#include "pairs.hpp"

namespace translate {

/// How good answers are. exact: the share of sources whose answer is one of their targets (as words: whatever the spaces);
/// wrong: what it takes to make targets of the answers, insertions, deletions and replacements, per symbol of the targets.
struct Measures {
    double exact = 0, wrong = 0;
    std::vector<Written<float>> answers;
    std::vector<bool> is_exact;  // of each
};

/// Of all questions; that takes a while, so it shows how far it is.
template <class Model>
Measures measure(const Setup& setup, const Model& model, const std::vector<Question>& questions, const BeamOptions& beam) {
    using Ids = std::vector<Index>;
    std::vector<Ids> written;
    std::vector<std::vector<Ids>> right;
    std::vector<std::string> sources;
    Measures found{};
    SearchOptions search{.longest = 0, .beam = beam};
    for (const Question& question : questions) {
        right.emplace_back();
        for (const std::string& target : question.targets) right.back().push_back(setup.target.encode(target));
        for (const Ids& target : right.back())
            search.longest = std::max(search.longest, 10 + static_cast<Index>(target.size()));
        sources.push_back(question.source);
    }
    examples::LongTask task("answered");
    for (std::size_t from = 0; from < sources.size(); from += 100) {  // so that memory is bounded
        const auto to = static_cast<std::ptrdiff_t>(std::min(sources.size(), from + 100));
        const std::vector<std::string> some(sources.begin() + static_cast<std::ptrdiff_t>(from), sources.begin() + to);
        for (auto& answer : answers(setup, model, some, search)) {
            written.push_back(answer.tokens);
            if (answer.complete) written.back().pop_back();  // EOS
            found.is_exact.push_back(answer.complete && std::ranges::count(right[written.size() - 1], written.back()) > 0);
            if (!setup.task->copied) answer.alignment.resize(0, 0);  // which nobody asks for, and may be large
            found.answers.push_back(std::move(answer));
        }
        task.show(written.size(), sources.size());
    }
    found.exact = static_cast<double>(std::ranges::count(found.is_exact, true)) / static_cast<double>(questions.size());
    found.wrong = error_rate(written, right);
    return found;
}

/// The answers to the first questions, right or wrong.
inline void print_answers(const Setup& setup, const std::vector<Question>& questions, const Measures& found, std::size_t most) {
    for (std::size_t k = 0; k < std::min(most, questions.size()); ++k) {
        const auto& [source, targets] = questions[k];
        std::printf("  %s → %s", examples::shown(setup.task->write(source)).c_str(),
                    examples::shown(text_of(setup, found.answers[k])).c_str());
        if (!found.is_exact[k])
            std::printf("   (wrong: it is %s%s)", examples::shown(setup.task->write(targets[0])).c_str(),
                        std::ranges::count(targets, targets[0]) < std::ssize(targets) ? ", or another" : "");
        std::puts("");
    }
}

/// Of the symbols that are written, copied and once in their source: all, and those where the attention was largest there.
struct Copied {
    Index all = 0, found = 0;
};
inline Copied copied(const Setup& setup, const std::vector<Question>& questions, const Measures& measures) {
    Copied count;
    for (std::size_t k = 0; k < questions.size(); ++k) {
        const Written<float>& answer = measures.answers[k];
        const std::vector<Index> source = setup.source.encode(questions[k].source);
        for (Index t = 0; t < answer.alignment.cols(); ++t) {
            const std::string& symbol = setup.target[answer.tokens[static_cast<std::size_t>(t)]];
            if (!setup.task->copied(symbol) || !setup.source.contains(symbol)) continue;
            const Index id = setup.source[symbol];
            if (std::ranges::count(source, id) != 1) continue;
            Index place = 0;
            answer.alignment.col(t).maxCoeff(&place);
            ++count.all;
            count.found += source[static_cast<std::size_t>(place)] == id ? 1 : 0;
        }
    }
    return count;
}

}  // namespace translate
