// Writes the weights of a saved model as a header of constants, for programs without files or a heap:
// export_header MODEL.safetensors WEIGHTS.hpp [--namespace weights]
#include <algorithm>
#include <array>
#include <bptt/io/safetensors.hpp>
#include <charconv>
#include <cmath>
#include <fstream>
#include <set>
#include <string>

#include "../support/command_line.hpp"
#include "../support/target.hpp"

namespace {

using namespace bptt;

const std::string first_line = "#pragma once  // by export_header\n";

/// The shortest literal that is exactly x.
std::string literal(float x) {
    std::array<char, 32> digits{};
    std::string text(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), x).ptr);
    return text.find_first_of(".e") == text.npos ? text : text + 'f';
}
/// "lstm.Wx" is lstm_Wx.
std::string identifier(std::string name) {
    std::ranges::replace_if(
        name, [](char c) { return !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9'); }, '_');
    return name;
}

/// live::Matrix constants, one for each tensor, as packed() of bptt/live/fixed.hpp takes them.
std::string header(const SavedModel& model, const std::string& scope) {
    auto out = bptt::detail::classic_stream();
    out << first_line << "\n#include <bptt/live/fixed.hpp>\n\nnamespace " << scope << " {\n";
    std::set<std::string> known;
    for (const std::string& name : model.names()) {
        const Mat<float> m = model.tensor<float>(name, {.convert = true}).matrix();
        const std::string as = identifier(name);
        throw_unless(known.insert(as).second, name, " and another tensor would both be ", as);
        out << "\ninline constexpr bptt::live::Matrix<" << m.rows() << ", " << m.cols() << "> " << as << " = {{\n";
        for (Index i = 0; i < m.rows(); ++i) {
            for (Index j = 0; j < m.cols(); ++j) {
                throw_unless(std::isfinite(m(i, j)), name, ": row ", i, ", column ", j, " is ", m(i, j),
                             ", not a finite number");
                out << (j > 0 ? " " : "    ") << literal(m(i, j)) << ',';
            }
            out << '\n';
        }
        out << "}};\n";
    }
    out << "\n}  // namespace " << scope << '\n';
    return out.str();
}

}  // namespace

int main(int argc, char** argv) {
    std::filesystem::path from, to;
    std::string scope = "weights";
    CLI::App app("Writes the weights of a saved model as a header of constants.", "export_header");
    app.add_option("model", from, "a safetensors file")->required()->check(examples::path());
    app.add_option("header", to, "where the header goes")->required()->check(examples::path());
    app.add_option("--namespace", scope, "in which the constants are")
        ->check([](const std::string& text) {
            const bool fits = !text.empty() && identifier(text) == text && (text[0] < '0' || text[0] > '9');
            return fits ? std::string() : text + " is no name of a namespace";
        })
        ->capture_default_str();
    return examples::run(app, {argv + 1, argv + argc}, [&] {
        examples::check_target(to, {from}, "header of export_header", [](const std::filesystem::path& there) {
            std::string line;
            return std::getline(std::ifstream(there), line) && line + '\n' == first_line;
        });
        examples::write_file(to, header(SavedModel(from), scope));
    });
}
