#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bptt/core/check.hpp"

namespace bptt {

/// How a model's parameters are found in a file. A file's tensor is called prefix + the parameter's name; tensors of other
/// beginnings are not looked at. `rename` gives another name to a parameter, or to all whose names begin so up to a dot:
/// {{"layer", "rnn"}} reads layer.Wx from "rnn.Wx". With `partial`, what either side lacks is no error. With `convert`, F16,
/// BF16, F32 and F64 become the parameter's type, rounded to the nearest.
struct LoadOptions {
    std::string prefix = {};
    std::map<std::string, std::string> rename = {};
    bool partial = false, convert = false;
};

/// What a partial load() left out, by the names of the file: tensors that the file lacks, whose parameters stay as they were,
/// and tensors of that prefix that the model lacks.
struct Loaded {
    std::vector<std::string> missing, unexpected;
};

namespace detail {

/// The names that a file has for a model's tensors.
class FileNames {
public:
    explicit FileNames(LoadOptions options) : options_(std::move(options)) {}

    const LoadOptions& options() const { return options_; }

    std::string operator()(std::string_view name) {
        for (std::size_t end = name.size(); end != name.npos; end = end == 0 ? name.npos : name.rfind('.', end - 1)) {
            const auto renamed = options_.rename.find(std::string(name.substr(0, end)));
            if (renamed == options_.rename.end()) continue;
            used_.insert(renamed->first);
            return options_.prefix + renamed->second + std::string(name.substr(end));
        }
        return options_.prefix + std::string(name);
    }
    /// Throws where `rename` names what was never asked for.
    void check_used(const std::string& where) const {
        for (const auto& [name, other] : options_.rename)
            throw_unless(used_.contains(name), where, ": rename: nothing in the model is called ", name);
    }

private:
    LoadOptions options_;
    std::set<std::string> used_;
};

}  // namespace detail
}  // namespace bptt
