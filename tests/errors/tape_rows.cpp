#include <array>

#include "errors/table.hpp"

using namespace bptt;

namespace {

constexpr const char* is_empty = "Var: this variable is empty";
const auto nothing = [](auto) {};

/// A model whose one name is longer than it may be.
struct Endless {
    Param<double> p{1, 1};
    static void params(auto& m, auto&& f) { f(std::string(257, 'p'), m.p); }
};

}  // namespace

Rows tape_rows() {
    return {
        {"Var::rows", "", is_empty, [](World& w) { w.empty.rows(); }},
        {"Var::cols", "", is_empty, [](World& w) { w.empty.cols(); }},
        {"Var::size", "", is_empty, [](World& w) { w.empty.size(); }},
        {"Var::layout", "", is_empty, [](World& w) { w.empty.layout(); }},
        {"Var::mark_columns", "", is_empty, [](World& w) { w.empty.mark_columns(Layout{}); }},
        {"Var::tape", "", is_empty, [](World& w) { w.empty.tape(); }},
        {"Var::value", "", is_empty, [](World& w) { w.empty.value(); }},
        {"Var::array", "", is_empty, [](World& w) { w.empty.array(); }},
        {"Var::tracked", "", is_empty, [](World& w) { w.empty.tracked(); }},
        {"Var::reached", "", is_empty, [](World& w) { w.empty.reached(); }},
        {"Var::value", "", "Var: this variable was made before tape.clear()",
         [](World& w) {
             const auto x = w.elsewhere(2, 2);
             w.other.clear();
             x.value();
         }},
        {"Var::item", "", "item: the variable is 2x3, not 1x1", [](World& w) { w.var(2, 3).item(); }},
        {"Var::grad", "", "grad: the variable is not tracked", [](World& w) { w.tape.constant(Mat<double>(2, 3)).grad(); }},
        {"Var::accumulated", "", is_empty, [](World& w) { w.empty.accumulated(); }},
        {"Var::deferred", "", is_empty, [](World& w) { w.empty.deferred<detail::Lookup<double>>(); }},
        {"Var::mark_taken", "", is_empty, [](World& w) { w.empty.mark_taken(); }},
        {"Var::accumulate", "g", is_empty, [](World& w) { w.empty.accumulate(Mat<double>(2, 3)); }},
        {"Var::accumulate_buffer", "g", is_empty, [](World& w) { w.empty.accumulate_buffer(nullptr); }},
        {"Var::accumulate_into", "f", is_empty, [](World& w) { w.empty.accumulate_into(nothing); }},

        {"Tape::backward", "loss", "backward: the loss is 2x3, not 1x1", [](World& w) { w.tape.backward(w.var(2, 3)); }},
        {"Tape::backward", "loss", "backward: the loss is on another tape", [](World& w) { w.other.backward(w.loss); }},
        {"Tape::backward", "loss", "backward: the loss depends on no parameter and no variable",
         [](World& w) { w.tape.backward(w.tape.constant(Mat<double>::Ones(1, 1))); }},
        {"backward", "loss", "backward: the loss is 2x3, not 1x1", [](World& w) { backward(w.var(2, 3)); }},
        {"backward", "loss", is_empty, [](World& w) { backward(w.empty); }},
        {"detach", "x", is_empty, [](World& w) { detach(w.empty); }},
        {"Tape::make", "rows", "Tape::make: the shape -1x2 is negative", [](World& w) { w.tape.make(-1, 2, true); }},
        {"Tape::make", "cols", "Tape::make: the shape 1x-2 is negative", [](World& w) { w.tape.make(1, -2, true); }},
        {"Tape::defer", "rows", "Tape::defer: the shape -1x2 is negative",
         [](World& w) { w.tape.defer(detail::Lookup<double>(), -1, 2, true); }},
        {"Tape::defer", "cols", "Tape::defer: the shape 1x-2 is negative",
         [](World& w) { w.tape.defer(detail::Lookup<double>(), 1, -2, true); }},
        {"Tape::view", "x", is_empty, [](World& w) { w.tape.view(w.empty, 0, 1, 1); }},
        {"Tape::view", "x", "Tape::view: x is on another tape", [](World& w) { w.tape.view(w.elsewhere(2, 3), 0, 1, 1); }},
        {"Tape::view", "offset", "Tape::view: 2x3 from 1 on, x is 2x3", [](World& w) { w.tape.view(w.var(2, 3), 1, 2, 3); }},
        {"Tape::view", "offset", "Tape::view: 2x1 from -1 on, x is 2x3", [](World& w) { w.tape.view(w.var(2, 3), -1, 2, 1); }},
        {"Tape::view", "rows", "Tape::view: 3x3 from 0 on, x is 2x3", [](World& w) { w.tape.view(w.var(2, 3), 0, 3, 3); }},
        {"Tape::view", "rows", "Tape::view: -1x3 from 0 on, x is 2x3", [](World& w) { w.tape.view(w.var(2, 3), 0, -1, 3); }},
        {"Tape::view", "cols", "Tape::view: 2x-1 from 0 on, x is 2x3", [](World& w) { w.tape.view(w.var(2, 3), 0, 2, -1); }},
        {"Tape::view", "rows, cols", "Tape::view: 4294967296x4294967296 from 0 on, x is 2x3",
         [](World& w) { w.tape.view(w.var(2, 3), 0, Index{1} << 32, Index{1} << 32); }},

        {"record", "parents", "record: no parents",
         [](World&) { record(std::span<const Var<double>>(), 1, 1, nothing, [](Var<double>) {}); }},
        {"record", "parents", "record: the operands are on different tapes",
         [](World& w) {
             record({w.var(1, 1), w.elsewhere(1, 1)}, 1, 1, nothing, [](Var<double>) {});
         }},
        {"record", "rows", "Tape::make: the shape -1x1 is negative",
         [](World& w) { record({w.var(1, 1)}, -1, 1, nothing, [](Var<double>) {}); }},
        {"record", "cols", "Tape::make: the shape 1x-1 is negative",
         [](World& w) { record({w.var(1, 1)}, 1, -1, nothing, [](Var<double>) {}); }},

        {"for_each_param", "model", "params: the name pppp",
         [](World&) {
             Endless model;
             for_each_param(model, [](std::string_view, auto&) {});
         }},
        {"for_each_distinct_param", "model", "params: the name pppp",
         [](World&) {
             Endless model;
             for_each_distinct_param(model, [](std::string_view, auto&) {});
         }},
        {"parameter_count", "model", "params: the name pppp", [](World&) { parameter_count(Endless()); }},
        {"describe", "model", "params: the name pppp", [](World&) { describe(Endless()); }},
        {"zero_grad", "model", "params: the name pppp", [](World&) { zero_grad(Endless()); }},
    };
}
