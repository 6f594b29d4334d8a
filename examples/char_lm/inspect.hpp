#pragma once

#include <bptt/inspect/report.hpp>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model.hpp"

namespace char_lm {

struct InspectRun {
    std::filesystem::path load, report, svg;
    std::vector<std::filesystem::path> texts;
    std::optional<std::string> unit;  // "1/37": layer and unit
    std::string field;                // of the state, or a gate; empty: c where there is one, else h
    Index length = 10'000, from = 0;
    bool skip_unknown = false;
};

/// Says what the units of a saved model follow in a text.
void inspect(const InspectRun& o);

/// Shows on a page what a model does while it reads a text, how often its gates are shut and open, and where the gradient goes.
template <class Cell> void add_reading(Report& report, const std::string& title, const CharLm<Cell>& model,
                                       const Vocabulary& vocabulary, std::span<const Index> ids);

}  // namespace char_lm
