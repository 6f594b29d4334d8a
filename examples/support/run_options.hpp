#pragma once

#include <CLI/CLI.hpp>
#include <algorithm>
#include <bptt/core/utf8.hpp>
#include <bptt/io/checkpoint.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "command_line.hpp"

namespace examples {

/// What a checkpoint says of itself: the program, all options as JSON, and a checksum of what is learned from.
struct Identity {
    std::string program, options, data;
    static void checkpoint(auto& m, auto&& f) { f("program", m.program), f("options", m.options), f("data", m.data); }
};

/// The options of a training that do not decide what is learned from, nor how: where it goes on, they may be others.
struct RunOptions {
    double seconds = 60, epochs = 0;  // epochs, where positive, come before seconds
    double every = 10;                // minutes from one checkpoint to the next
    std::filesystem::path save = {}, checkpoint = {}, log = {}, report = {}, resume = {};  // each may be empty
    Identity identity = {};  // its data are those of the resumed checkpoint, if there is one
};

/// Called when the command has all options of its own: those are refused where a run goes on.
inline void add_run_options(CLI::App& train, RunOptions& o, const std::string& when_saved) {
    const auto own = train.get_options([](const CLI::Option* option) {
        return option->get_name() != "--help" && option->get_name() != "--threads";  // the result is the same
    });
    train.add_option("--save", o.save, "where the model goes, " + when_saved)->transform(absolute_path());
    train.add_option("--checkpoint", o.checkpoint, "where all goes that a stopped training goes on from [the resumed one]")
        ->transform(absolute_path());
    train.add_option("--every", o.every, "minutes from one checkpoint to the next")->check(positive())->capture_default_str();
    train.add_option("--log", o.log, "where figures go as JSON lines, and at the end their picture, beside it as .svg")
        ->transform(absolute_path());
    train.add_option("--report", o.report, "where a page of HTML goes at the end that shows what was learned, and how")
        ->transform(absolute_path());
    auto* epochs =
        train.add_option("--epochs", o.epochs, "how often to go through all that is learned from")->check(positive());
    train.add_option("--seconds", o.seconds, "how long to train")->check(positive())->capture_default_str()->excludes(epochs);
    auto* resume =
        train.add_option("--resume", o.resume, "a checkpoint to go on from, with its options")->transform(absolute_path());
    for (CLI::Option* option : own) option->excludes(resume);
}

/// The strings of a checkpoint that is whole, and of this program.
inline bptt::Metadata checkpoint_texts(const std::filesystem::path& file, const std::string& program) {
    const bptt::detail::InputFile in(file, "--resume " + file.string());
    const auto header = bptt::detail::read_header(in);
    bptt::detail::verify_checksum(in, header);
    const auto found = header.metadata.find("identity.program");
    bptt::throw_unless(found != header.metadata.end() && found->second == program, "--resume ", file.string(),
                       ": not a checkpoint of ", program);
    return header.metadata;
}

/// The values of a command's options, as JSON: those given, and the defaults that have a text.
inline std::string options_of(const CLI::App& train) {
    nlohmann::json all = nlohmann::json::object();
    for (const CLI::Option* option : train.get_options()) {
        const std::string name = option->get_name();
        if (name == "--help" || name == "--threads" || name == "--resume" || name == "--checkpoint") continue;
        auto texts = option->results();
        if (texts.empty() && !option->get_default_str().empty()) texts = {option->get_default_str()};
        for (const std::string& text : texts)
            bptt::throw_unless(bptt::detail::is_utf8(text), name, ' ', text, ": not UTF-8, so that no checkpoint can keep it");
        if (!texts.empty()) all[name] = texts;
    }
    return all.dump();
}

/// Called once the arguments are parsed: sets the options that are not given to those of the checkpoint, if one is resumed.
inline void complete(CLI::App& train, RunOptions& o) {
    o.identity.program = train.get_parent()->get_name() + ' ' + train.get_name();
    if (!o.resume.empty()) {
        const auto texts = checkpoint_texts(o.resume, o.identity.program);
        const CLI::Option* const resume = train.get_option("--resume");
        std::set<const CLI::Option*> given;
        for (const CLI::Option* option : train.get_options())
            if (option != resume && option->count() > 0) given.insert(option);
        const auto decided = [&](const CLI::Option* option) {
            const auto others = option->get_excludes();
            return given.contains(option) || std::ranges::any_of(others, [&](auto* other) { return given.contains(other); });
        };
        try {
            const auto kept = nlohmann::json::parse(texts.at("identity.options"));
            for (const auto& [name, values] : kept.items()) {
                CLI::Option* const option = train.get_option(name);
                if (decided(option)) continue;
                option->add_result(values.get<std::vector<std::string>>());
                option->run_callback();
            }
            o.identity.data = texts.at("identity.data");
        } catch (const std::exception& e) {
            bptt::throw_unless(false, "--resume ", o.resume.string(), ": its options cannot be used: ", e.what());
        }
        if (o.checkpoint.empty()) o.checkpoint = o.resume;
    }
    bptt::throw_unless(!o.checkpoint.empty() || train.get_option("--every")->count() == 0, "--every needs --checkpoint");
    if (!o.checkpoint.empty()) o.identity.options = options_of(train);
}

}  // namespace examples
