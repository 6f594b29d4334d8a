#pragma once

#include <algorithm>
#include <array>
#include <bptt/autograd/tape.hpp>
#include <bptt/io/checkpoint.hpp>
#include <bptt/train/clip.hpp>
#include <bptt/train/optimizers.hpp>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "curve.hpp"
#include "progress.hpp"
#include "run_options.hpp"
#include "saver.hpp"
#include "target.hpp"

namespace examples {

/// A word of a shell's command line.
inline std::string shell_word(const std::string& text) {
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./-";
    if (!text.empty() && text.find_first_not_of(plain) == text.npos) return text;
    std::string word = "'";
    for (const char c : text) word += c == '\'' ? "'\\''" : std::string(1, c);
    return word + '\'';
}

/// Adds inputs, matrices or ids, and their labels to a checksum.
inline void add_labelled(bptt::detail::Checksum& sum, const auto& inputs, const std::vector<bptt::Index>& labels) {
    for (std::size_t k = 0; k < labels.size(); ++k) {
        sum.add(inputs[k].data(), static_cast<std::size_t>(inputs[k].size()) * sizeof *inputs[k].data());
        sum.add(&labels[k], sizeof labels[k]);
    }
}

/// What the trainings of all programs have beside a model: how far they are, checkpoints, a log, and when they end.
class Course {
public:
    static constexpr bptt::Index steps_per_line = 10, steps_per_validation = 100;

    /// epoch: its steps. unit: what is learned from, "character"; loss_unit: what a loss is in, "nats per character". checksum:
    /// of all that is learned from.
    Course(const RunOptions& o, bptt::Index epoch, std::string unit, std::string loss_unit,
           const bptt::detail::Checksum& checksum)
        : o_(o), epoch_(epoch), unit_(std::move(unit)), loss_unit_(std::move(loss_unit)), identity_(o.identity) {
        identity_.data = checksum.digits();
        bptt::throw_unless(o.resume.empty() || identity_.data == o.identity.data, "--resume ", o.resume.string(),
                           ": what it learns from has changed since the training began: its checksum is ", identity_.data,
                           ", not ", o.identity.data);
    }
    static void checkpoint(auto& m, auto&& f) {
        f("steps", m.steps_), f("tokens", m.tokens_), f("loss", m.loss_), f("progress", m.progress_), f("log", m.log_);
        f("line_tokens", m.line_tokens_), f("line_seconds", m.line_seconds_);
    }

    bptt::Index steps() const { return steps_; }
    bptt::Index tokens() const { return tokens_; }
    double loss() const { return loss_; }  // smoothed
    /// The steps of this epoch that are done.
    bptt::Index place() const { return steps_ % epoch_; }
    double done() const {
        const double steps = static_cast<double>(steps_);
        return o_.epochs > 0 ? steps / (o_.epochs * static_cast<double>(epoch_)) : progress_.seconds() / o_.seconds;
    }
    bool goes_on() const { return done() < 1 && !interrupted; }
    Progress& progress() { return progress_; }
    const Saver& model() const { return model_; }
    const Saver& report() const { return report_; }

    /// Takes up the checkpoint, if one is resumed; tries out what is to be written.
    template <class Run> void begin(Run& run, bptt::Index parameters) {
        if (!o_.resume.empty()) {
            const Identity mine = identity_;
            bptt::load_checkpoint(o_.resume, [&](auto&& f) { f("identity", identity_), f("run", run); });
            identity_ = mine;
            const bool finished = done() >= 1;  // what it has learned is then saved again, perhaps elsewhere
            std::printf("%s %s after %td steps and %.1f s%s\n", visible(o_.resume.string()).c_str(),
                        finished ? "is finished" : "goes on", steps_, progress_.seconds(),
                        finished ? "; a larger --epochs or --seconds goes on" : "");
        }
        model_.try_out(4 * parameters + 10'000);
        report_.try_out(1'000'000);
        checkpoints_.try_out(12 * parameters + 100'000);  // with the optimiser's two moments
        if (!o_.log.empty()) log_.write_to(o_.log);
        watch_interrupt();
    }

    /// A step of learning from so many tokens. Throws where the loss is not finite. validation() is a loss, and is asked for
    /// now and then.
    template <class Model, class Validation> void step(bptt::Index tokens, bptt::Var<float> loss, Model& model,
                                                       bptt::Adam<float>& adam, double clip, Validation validation) {
        const double value = loss.item(), rate = adam.options.rate;
        bptt::throw_unless(std::isfinite(value), "the loss is not finite: training has diverged; try a --rate below ", rate);
        bptt::zero_grad(model);
        bptt::backward(loss);
        const double norm = bptt::clip_grad_norm(model, clip);
        adam.step(model);
        tokens_ += tokens;
        line_tokens_ += tokens;
        ++steps_;
        loss_ += (value - loss_) / static_cast<double>(std::min<bptt::Index>(steps_, 50));
        if (steps_ % steps_per_line == 0) {
            const double now = progress_.seconds(), speed = static_cast<double>(line_tokens_) / (now - line_seconds_);
            const double validated = steps_ % steps_per_validation == 0 ? validation() : not_measured;
            log_.add({static_cast<double>(steps_), epochs(), loss_, validated, rate, norm, speed});
            line_tokens_ = 0;
            line_seconds_ = now;
        }
        std::array<char, 64> lost{}, speed{};  // of diverged trainings, too
        std::snprintf(lost.data(), lost.size(), "   loss %.3f", loss_);
        std::snprintf(speed.data(), speed.size(), "   %.0f ", static_cast<double>(tokens_) / progress_.seconds());
        progress_.show(done(), {{lost.data(), 1}, {' ' + loss_unit_, 3}, {speed.data() + unit_ + "s/s", 4}});
    }
    /// After each step and what belongs to it: a checkpoint, where it is time.
    template <class Run> void keep(const Run& run) {
        if (since_checkpoint_.seconds() < 60 * o_.every) return;
        checkpoints_([&](const auto& file) { save(run, file); });
        since_checkpoint_ = {};
    }

    /// After the last step: a checkpoint, and save_model(), which is not left out where there can be no checkpoint.
    template <class Run, class SaveModel> void stop(const Run& run, SaveModel save_model) {
        progress_.end();
        finished_ = done() >= 1;
        std::exception_ptr failure;
        try {
            last_ = checkpoints_.last([&](const auto& file) { save(run, file); });
        } catch (const std::exception&) {
            failure = std::current_exception();
        }
        save_model();
        if (failure) std::rethrow_exception(failure);
    }
    /// The end of all, with the loss of the whole validation. Returns all losses.
    Curve end(double validation) {
        Curve losses(log_, static_cast<std::size_t>(steps_), validation, loss_unit_);
        if (finished_)
            log_.add({static_cast<double>(steps_), epochs(), loss_, validation, not_measured, not_measured, not_measured});
        if (!o_.log.empty()) losses.draw(curve_of(o_.log));
        if (!finished_ && !last_.empty())
            std::printf("go on with: %s --resume %s\n", identity_.program.c_str(),
                        visible(shell_word(std::filesystem::absolute(last_).string())).c_str());
        return losses;
    }

private:
    double epochs() const { return static_cast<double>(steps_) / static_cast<double>(epoch_); }
    template <class Run> void save(const Run& run, const std::filesystem::path& file) {
        progress_.mark();
        bptt::save_checkpoint(file, [&](auto&& f) { f("identity", identity_), f("run", run); });
    }

    const RunOptions& o_;
    bptt::Index epoch_;
    std::string unit_, loss_unit_;
    Identity identity_;
    Saver model_{o_.save, "model"}, checkpoints_{o_.checkpoint, "checkpoint"}, report_{o_.report, "report"};
    Stopwatch since_checkpoint_;
    Progress progress_;
    RunLog log_;
    bptt::Index steps_ = 0, tokens_ = 0, line_tokens_ = 0;
    double loss_ = 0, line_seconds_ = 0;
    bool finished_ = false;
    std::filesystem::path last_;
};

}  // namespace examples
