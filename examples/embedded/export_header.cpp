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
    const std::string text(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), x).ptr);
    return text + (text.find_first_of(".e") == text.npos ? ".f" : "f");
}
/// "lstm.Wx" is lstm_Wx, and "0.weight" tensor_0_weight. Throws where nothing of a name is left, or a word of C++.
std::string identifier(const std::string& name) {
    static const std::set<std::string> words = {
        "alignas",  "alignof",  "and",      "asm",       "auto",     "bool",      "break",    "case",     "catch",  "char",
        "class",    "compl",    "concept",  "const",     "continue", "decltype",  "default",  "delete",   "do",     "double",
        "else",     "enum",     "explicit", "export",    "extern",   "false",     "float",    "for",      "friend", "goto",
        "if",       "inline",   "int",      "long",      "mutable",  "namespace", "new",      "noexcept", "not",    "nullptr",
        "operator", "or",       "private",  "protected", "public",   "register",  "requires", "return",   "short",  "signed",
        "sizeof",   "static",   "struct",   "switch",    "template", "this",      "throw",    "true",     "try",    "typedef",
        "typeid",   "typename", "union",    "unsigned",  "using",    "virtual",   "void",     "volatile", "while",  "xor"};
    std::string out;
    for (const char c : name) {
        const bool kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (kept)
            out += c;
        else if (!out.empty() && out.back() != '_')
            out += '_';
    }
    throw_unless(!out.empty() && !words.contains(out), '"', name, "\" is no name in C++");
    return out[0] >= '0' && out[0] <= '9' ? "tensor_" + out : out;
}

/// live::Matrix constants, one for each tensor, as packed() of bptt/live/fixed.hpp takes them.
std::string header(const std::filesystem::path& file, const std::string& scope) {
    const SavedModel model(file);
    throw_unless(!model.names().empty(), file.string(), " has no tensors");
    auto out = bptt::detail::classic_stream();
    out << first_line << "\n#include <bptt/live/fixed.hpp>\n\nnamespace " << scope << " {\n";
    std::set<std::string> known;
    for (const std::string& name : model.names()) {
        const auto tensor = model.tensor<float>(name, {.convert = true});
        throw_unless(tensor.shape.size() <= 2 && !tensor.values.empty(), file.string(), ": ", name, " is no matrix, or empty");
        const Mat<float> m = tensor.matrix();
        const std::string as = identifier(name);
        throw_unless(known.insert(as).second, file.string(), ": ", name, " and another tensor would both be ", as);
        out << "\ninline constexpr bptt::live::Matrix<" << m.rows() << ", " << m.cols() << "> " << as << " = {{\n";
        for (Index i = 0; i < m.rows(); ++i) {
            for (Index j = 0; j < m.cols(); ++j) {
                throw_unless(std::isfinite(m(i, j)), file.string(), ": ", name, ": row ", i, ", column ", j, " is ", m(i, j),
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
    app.add_option("--namespace", scope, "in which the constants are")->capture_default_str();
    return examples::run(app, {argv + 1, argv + argc}, [&] {
        examples::check_target(to, {from}, "header of export_header", [](const std::filesystem::path& there) {
            std::string line;
            return std::filesystem::is_empty(there) || (std::getline(std::ifstream(there), line) && line + '\n' == first_line);
        });
        throw_unless(identifier(scope) == scope, "--namespace: ", scope, " is no name of a namespace");
        examples::write_file(to, header(from, scope));
    });
}
