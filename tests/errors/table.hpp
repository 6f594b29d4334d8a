#pragma once

#include <string>
#include <vector>

#include "errors/world.hpp"

/// A call that is refused.
struct Row {
    std::string function;   // as PublicApi names it
    std::string arguments;  // those that do not fit, as the header names them: "a, b"
    std::string message;    // begins so; "..." stands for anything
    void (*call)(World&);
};
using Rows = std::vector<Row>;

inline constexpr const char* no_layout = "Sequence: it has no layout; sequence(x, batch) makes one";
inline bptt::HiddenState<bptt::Var<double>> hidden(bptt::Var<double> h) { return {h}; }

/// What has no row, and why.
struct Exemption {
    std::string reason;
    std::vector<std::string> names;  // "function" or "function: argument"; a function may begin, or be, "*": whatever
};

Rows core_rows();
Rows tape_rows();
Rows sequence_rows();
Rows op_rows();
Rows loss_rows();
Rows cell_rows();
Rows net_rows();
Rows live_rows();
Rows attention_rows();
Rows model_rows();
Rows train_rows();
Rows data_rows();
Rows decode_rows();
Rows text_rows();
Rows io_rows();
Rows inspect_rows();
Rows onnx_rows();
Rows report_rows();
Rows other_rows();  // of testing

const std::vector<Exemption>& exemptions();
