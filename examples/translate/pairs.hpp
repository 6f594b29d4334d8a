#pragma once

#include <cstdio>
#include <filesystem>
#include <vector>

#include "../support/questions.hpp"
#include "../support/shown.hpp"
#include "task.hpp"

namespace translate {

using examples::hold_out, examples::pairs_of, examples::Question, examples::questions_of;

/// load_pairs(), as the task reads them; what of the file is left out is said.
inline std::vector<Pair> read_pairs(const Task& task, const std::filesystem::path& file) {
    OddLines odd;
    std::vector<Pair> pairs = load_pairs(file, odd);
    if (odd.blank > 0 || odd.longer > 0)
        std::printf("%s: left out are blank lines: %td, and the further columns of lines: %td\n",
                    examples::visible(file.string()).c_str(), odd.blank, odd.longer);
    for (Pair& pair : pairs) pair = {task.read(pair.source), task.read(pair.target)};
    return pairs;
}

}  // namespace translate
