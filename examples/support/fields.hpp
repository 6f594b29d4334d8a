#pragma once

#include <bptt/io/safetensors.hpp>
#include <charconv>
#include <filesystem>
#include <string>

namespace examples {

/// What a program has kept in the metadata of its models. Throws where the file is another's, or a field is missing.
class Fields {
public:
    Fields(std::filesystem::path file, const std::string& program) : file_(std::move(file)), all_(bptt::load_metadata(file_)) {
        bptt::check(all_.contains("program") && all_.at("program") == program, file_.string(), " is not a model of ", program);
    }
    const std::string& text(const std::string& name) const {
        bptt::check(all_.contains(name), file_.string(), ": its metadata has no ", name);
        return all_.at(name);
    }
    bptt::Index number(const std::string& name) const {
        const std::string& digits = text(name);
        bptt::Index n = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), n);
        bptt::check(error == std::errc() && end == digits.data() + digits.size() && n > 0, file_.string(),
                    ": in its metadata, ", name, " is \"", digits, "\", not a positive number");
        return n;
    }

private:
    std::filesystem::path file_;
    bptt::Metadata all_;
};

}  // namespace examples
