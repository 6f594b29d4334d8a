#pragma once

#include <algorithm>
#include <bptt/io/safetensors.hpp>
#include <charconv>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace examples {

/// What a program has kept in the metadata of its models. Throws where the file is another's, or a field is missing.
class Fields {
public:
    Fields(std::filesystem::path file, const bptt::Metadata& all, const std::string& program)
        : file_(std::move(file)), all_(all) {
        bptt::throw_unless(all.contains("program") && all.at("program") == program, file_.string(), " is not a model of ",
                           program);
    }
    const std::string& text(const std::string& name) const {
        bptt::throw_unless(all_.contains(name), file_.string(), ": its metadata has no ", name);
        return all_.at(name);
    }
    bptt::Index number(const std::string& name) const {
        const std::string& digits = text(name);
        bptt::Index n = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), n);
        bptt::throw_unless(error == std::errc() && end == digits.data() + digits.size() && n > 0, file_.string(),
                           ": in its metadata, ", name, " is \"", digits, "\", not a positive number");
        return n;
    }
    /// f(text) of a field. What f throws gets the names of the file and the field.
    template <class F> auto made_of(const std::string& name, F f) const {
        const std::string& kept = text(name);
        try {
            return f(kept);
        } catch (const std::invalid_argument& e) {
            bptt::detail::fail({file_.string(), ": in its metadata, ", name, ": ", e.what()});
        }
    }
    /// The texts of a list in JSON, at least one.
    std::vector<std::string> texts(const std::string& name) const {
        return made_of(name, [&](const std::string& kept) {
            const auto all = nlohmann::json::parse(kept, nullptr, false);
            const auto is_text = [](const auto& one) { return one.is_string(); };
            bptt::throw_unless(all.is_array() && !all.empty() && std::ranges::all_of(all, is_text), "it is no list of ", name);
            return all.get<std::vector<std::string>>();
        });
    }
    /// Whether a field is the first of two texts, not the second.
    bool is(const std::string& name, const std::string& first, const std::string& second) const {
        return made_of(name, [&](const std::string& kept) {
            bptt::throw_unless(kept == first || kept == second, '"', kept, "\" is neither ", first, " nor ", second);
            return kept == first;
        });
    }
    /// Throws where a model of a size that is called so has more numbers, at least so many, than the file has bytes for.
    void fits(const std::string& name, double numbers) const {
        const auto bytes = std::filesystem::file_size(file_);
        bptt::throw_unless(4 * numbers <= static_cast<double>(bytes), file_.string(), ": in its metadata, ", name, " is ",
                           text(name), ", and the ", bytes, " bytes of the file are too few for such a model");
    }

private:
    std::filesystem::path file_;
    const bptt::Metadata& all_;
};

/// f(setup, model) for a model that was saved. Its program has setup_of(file, metadata) and, beside the setup's class,
/// with_model(setup, rng, f): f(model) for a new model of that kind.
void with_saved_model(const std::filesystem::path& file, auto&& setup_of, auto&& f) {
    const bptt::SavedModel saved(file);
    const auto setup = setup_of(file, saved.metadata());
    bptt::Rng rng = bptt::Rng::zeros();
    with_model(setup, rng, [&](auto& model) {
        saved.load(model);
        f(setup, std::as_const(model));
    });
}

}  // namespace examples
