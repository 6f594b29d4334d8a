#pragma once

#include <CLI/CLI.hpp>
#include <bptt/live/running.hpp>
#include <map>
#include <optional>
#include <string>

namespace examples {

/// --storage of a command that measures a model: then it does so by a stream whose weights are stored like that.
inline void add_storage_option(CLI::App& command, std::optional<bptt::Storage>& storage) {
    const std::map<std::string, bptt::Storage> all{
        {"float32", bptt::Storage::float32}, {"bfloat16", bptt::Storage::bfloat16}, {"int8", bptt::Storage::int8}};
    command.add_option("--storage", storage, "run as a stream, step by step, with weights stored like that")
        ->transform(CLI::CheckedTransformer(all).description("float32, bfloat16 or int8"));
}
/// f.operator()<storage>()
auto with_storage(bptt::Storage storage, auto&& f) {
    using enum bptt::Storage;
    switch (storage) {
        case bfloat16:
            return f.template operator()<bfloat16>();
        case int8:
            return f.template operator()<int8>();
        default:
            return f.template operator()<float32>();
    }
}

}  // namespace examples
