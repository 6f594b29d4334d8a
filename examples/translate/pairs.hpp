#pragma once

#include <cstdio>
#include <filesystem>
#include <vector>

#include "../support/questions.hpp"
#include "../support/shown.hpp"

namespace translate {

using namespace bptt;
using examples::hold_out, examples::pairs_of, examples::Question, examples::questions_of;

/// load_pairs(), and what of the file is left out is said.
inline std::vector<Pair> read_pairs(const std::filesystem::path& file) {
    OddLines odd;
    std::vector<Pair> pairs = load_pairs(file, odd);
    if (odd.blank > 0 || odd.longer > 0)
        std::printf("%s: left out are blank lines: %td, and the further columns of lines: %td\n",
                    examples::visible(file.string()).c_str(), odd.blank, odd.longer);
    return pairs;
}

}  // namespace translate
