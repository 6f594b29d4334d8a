#include "errors/public_api.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <regex>
#include <stdexcept>
#include <utility>
#include <vector>

namespace {

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

/// Without raw strings, comments, preprocessor lines, and what stands in quotes.
std::string bare(std::string code) {
    for (std::size_t at = 0; (at = code.find(" R\"", at)) != code.npos;) {
        const std::size_t open = code.find('(', at);
        const std::string close = ')' + code.substr(at + 3, open - at - 3) + '"';
        code.erase(at, code.find(close, open) + close.size() - at);
    }
    static const std::regex noise(
        R"(//[^\n]*|\bBPTT_PARAMS\([^)]*\)|(?:^|\n)[ ]*#(?:\\\n|[^\n])*|"(?:\\.|[^"\\\n])*"|\B'(?:\\.|[^'\\\n])+')");
    static const std::regex guarded(R"(\((\w+)\)\()");  // `(max)(x)`, so that no macro of that name is expanded
    return std::regex_replace(std::regex_replace(code, noise, " "), guarded, " $1(");
}

std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(" \n"), last = text.find_last_not_of(" \n");
    return first == text.npos ? "" : text.substr(first, last - first + 1);
}

/// Where the bracket that opens at `at` closes.
std::size_t closing(const std::string& text, std::size_t at) {
    const char open = text[at], close = open == '(' ? ')' : open == '<' ? '>' : open == '[' ? ']' : '}';
    for (int depth = 0; at < text.size(); ++at) {
        if (text[at] == open) ++depth;
        if (text[at] == close && --depth == 0) return at;
    }
    throw std::runtime_error("no end of " + text);
}

/// Without `template <...>` and attributes.
std::string declaration(std::string text) {
    for (text = trimmed(text);; text = trimmed(text)) {
        if (text.starts_with("template"))
            text = text.substr(closing(text, text.find('<')) + 1);
        else if (text.starts_with("[["))
            text = text.substr(closing(text, 0) + 1);
        else
            return text;
    }
}

std::set<std::string> parameters(const std::string& list) {
    static const std::regex named(R"([\s&*>.]([A-Za-z_]\w*)\s*$)");  // a type stands before it
    std::set<std::string> names;
    int depth = 0;
    bool is_default = false;
    std::string parameter;
    for (const char c : list + ',') {
        if (std::string("(<[{").find(c) != std::string::npos) ++depth;
        if (std::string(")>]}").find(c) != std::string::npos) --depth;
        is_default |= depth == 0 && c == '=';
        if (depth > 0 || c != ',') {
            if (!is_default) parameter += c;
            continue;
        }
        parameter = trimmed(parameter);
        if (std::smatch found; std::regex_search(parameter, found, named)) names.insert(found[1]);
        parameter.clear();
        is_default = false;
    }
    return names;
}

class Reader {
public:
    Reader(std::string code, PublicApi& api) : code_(std::move(code)), api_(api) {}

    void read() {
        std::string text;
        for (; at_ < code_.size(); ++at_) {
            const char c = code_[at_];
            if (c == '(') {
                const auto end = closing(code_, at_);
                text += code_.substr(at_, end - at_ + 1);
                at_ = end;
            } else if (c == '{') {
                if (opened(declaration(text)) || added(declaration(text))) text.clear();
            } else if (c == '}') {
                scopes_.pop_back();
                text.clear();
            } else if (c == ';') {
                added(declaration(text));
                text.clear();
            } else if (c == ':' && std::regex_match(trimmed(text), std::regex("public|private|protected"))) {
                scopes_.back().open = trimmed(text) == "public";
                text.clear();
            } else {
                text += c;
            }
        }
    }

private:
    struct Scope {
        std::string type;  // empty: a namespace
        bool open;
    };

    bool is_public() const { return std::ranges::all_of(scopes_, &Scope::open); }
    std::string prefix() const {
        std::string all;
        for (const Scope& s : scopes_)
            if (!s.type.empty()) all += s.type + "::";
        return all;
    }

    /// Goes into a namespace or a type.
    bool opened(const std::string& text) {
        static const std::regex scope(R"(^(namespace|struct|class|enum class|enum)\s+(?:alignas\(\w+\)\s*)?([\w:]+)[^()=]*$)");
        std::smatch found;
        if (!std::regex_search(text, found, scope)) return false;
        if (found[1] == "namespace")
            // kernels trust their callers, the cells
            scopes_.push_back({"", !std::regex_search(found[2].str(), std::regex("detail|kernels"))});
        else
            scopes_.push_back({found[2], found[1] == "struct"});
        return true;
    }

    /// Over the braces of a body or an initialiser, if there are any; true where a declaration ends with them.
    bool added(const std::string& text) {
        const bool braces = code_[at_] == '{';
        if (braces) at_ = closing(code_, at_);
        static const std::regex function(R"(^([^()=]*?)(operator\s*(?:\(\)|[^\s(\w]+|\w+)|~?\w+)\s*\()");
        static const std::regex other(R"(^(using|static_assert|concept)\b)");
        std::smatch found;
        if (std::regex_search(text, other) || !std::regex_search(text, found, function)) return false;
        const std::string name = found[2];
        const bool elsewhere = text.starts_with("friend") && !braces;
        if (name[0] == '~' || elsewhere || std::regex_search(text, std::regex(R"(=\s*(delete|default)$)"))) return true;
        const auto list = static_cast<std::size_t>(found.position(0) + found.length(0)) - 1;
        const auto names = parameters(text.substr(list + 1, closing(text, list) - list - 1));
        if (!is_public()) return true;
        std::string full = found[1].str();  // `Class::` of what is defined outside of it
        full = full.substr(static_cast<std::size_t>(
            std::ranges::find_if(full.rbegin(), full.rend(), [](char c) { return !is_name(c) && c != ':'; }).base() -
            full.begin()));
        const bool constructor = !scopes_.empty() && scopes_.back().type == name;
        full = prefix() + full + name;
        if (constructor) full.resize(full.size() - name.size() - 2);
        api_[full].insert(names.begin(), names.end());
        return true;
    }

    std::string code_;
    PublicApi& api_;
    std::size_t at_ = 0;
    std::vector<Scope> scopes_;
};

}  // namespace

void read_api(const std::string& code, PublicApi& api) { Reader(bare(code), api).read(); }

PublicApi read_api(const std::filesystem::path& folder) {
    PublicApi api;
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
        if (file.path().extension() != ".hpp") continue;
        std::ifstream in(file.path());
        read_api({std::istreambuf_iterator<char>(in), {}}, api);
    }
    return api;
}
