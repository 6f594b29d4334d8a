#include "errors/table.hpp"

#include <regex>
#include <set>
#include <stdexcept>

#include "catch.hpp"
#include "errors/public_api.hpp"

#if defined(BPTT_NDEBUG) != defined(NDEBUG)
#error "the assertions are not as this build is meant to have them"
#endif

using namespace bptt;

namespace {

Rows all_rows() {
    Rows all;
    for (const auto rows :
         {core_rows, tape_rows, sequence_rows, op_rows, loss_rows, cell_rows, net_rows, live_rows, attention_rows, model_rows,
          train_rows, data_rows, decode_rows, text_rows, io_rows, inspect_rows, onnx_rows, report_rows, other_rows})
        std::ranges::copy(rows(), std::back_inserter(all));
    return all;
}

/// Whether `message` begins with `expected`, in which "..." stands for anything.
bool fits(const std::string& message, const std::string& expected) {
    const auto gap = expected.find("...");
    if (gap == expected.npos) return message.starts_with(expected);
    return message.starts_with(expected.substr(0, gap)) && message.find(expected.substr(gap + 3), gap) != message.npos;
}

/// What the call says, after the check that it has changed nothing.
std::string refusal(const Row& row, bool recording, const std::string& unchanged) {
    World world;
    std::string message = "it did not throw";
    const auto call = [&] {
        try {
            row.call(world);
        } catch (const std::invalid_argument& e) {
            message = e.what();
        } catch (const std::exception& e) {
            message = std::string("it threw another exception: ") + e.what();
        }
    };
    if (recording) {
        call();
    } else {
        const Tape<double>::Pause pause(world.tape), other(world.other);
        call();
    }
    CHECK(world.finished() == unchanged);
    return message;
}

/// Every "function: argument", and "function: " of one without.
std::set<std::string> pairs_of(const PublicApi& api) {
    std::set<std::string> pairs;
    for (const auto& [function, arguments] : api) {
        if (arguments.empty()) pairs.insert(function + ": ");
        for (const auto& argument : arguments) pairs.insert(function + ": " + argument);
    }
    return pairs;
}

bool matches(const std::string& name, const std::string& pair) {
    const bool any = name.starts_with('*');
    const std::string wanted = name.substr(any ? 1 : 0);
    const auto subject = wanted.find(": ") == wanted.npos ? pair.substr(0, pair.find(": ")) : pair;
    return any ? subject.ends_with(wanted) : subject == wanted;
}

}  // namespace

TEST_CASE("every call of the table is refused with its message, with and without recording, and changes nothing") {
    const std::string unchanged = World().finished();
    for (const Row& row : all_rows()) {
        INFO(row.function << ": " << row.arguments);
        const std::string message = refusal(row, true, unchanged);
        INFO("expected: " << row.message << "\nsaid:     " << message);
        CHECK(fits(message, row.message));
        CHECK(refusal(row, false, unchanged) == message);
    }
}

TEST_CASE("every argument of every public function is in the table, or excepted with a reason") {
    PublicApi api = read_api(std::filesystem::path(BPTT_INCLUDE));
#if !__has_include(<nlohmann/json.hpp>)
    for (const char* function :
         {"SavedModel", "SavedModel::load", "SavedModel::metadata", "SavedModel::names", "SavedModel::tensor",
          "SavedTensor::matrix", "explain_pytorch", "load", "load_metadata", "load_pytorch", "save", "save_pytorch"})
        api.erase(function);
#endif
#ifndef ONNX_ML
    std::erase_if(api, [](const auto& entry) {
        return std::regex_search(entry.first, std::regex("^(OnnxGraph|onnx_|add_nodes|save_onnx)"));
    });
#endif
    const auto wanted = pairs_of(api);
    CHECK(wanted.size() > 400);
    std::set<std::string> missing = wanted;
    const std::regex argument("[^, ]+");
    for (const Row& row : all_rows()) {
        INFO(row.function << ": " << row.arguments);
        CHECK(api.contains(row.function));
        if (row.arguments.empty()) missing.erase(row.function + ": ");
        for (auto at = std::sregex_iterator(row.arguments.begin(), row.arguments.end(), argument); at != std::sregex_iterator();
             ++at) {
            const std::string pair = row.function + ": " + at->str();
            INFO(pair);
            CHECK(wanted.contains(pair));
            missing.erase(pair);
        }
    }
    for (const Exemption& exemption : exemptions()) {
        for (const std::string& name : exemption.names) {
            INFO("excepted, though in the table or in no header: " << name);
            CHECK(std::erase_if(missing, [&](const std::string& pair) { return matches(name, pair); }) > 0);
        }
    }
    INFO("neither in the table nor excepted:");
    CHECK(missing == std::set<std::string>());
}

TEST_CASE("what counts as a public function") {
    PublicApi api;
    read_api(R"(
        #define skipped(x) x
        namespace detail { void hidden(int x); }
        /// comment(x)
        template <class T, std::invocable<T> F = decltype([](int) {})> [[nodiscard]] T f(T a, const T& b = T{1, 2}, F);
        template <class M> concept Good = requires(M& m) { m.f(); };
        inline constexpr int n = g(1);
        inline constexpr char raw[] = R"x(" struct Raw { void f(int x); )x";
        struct S : Base<T> {
            int x = {};
            S(int one) : x(one) {}
            ~S() {}
            S(const S&) = delete;
            int operator()(int y) const { return "}"[0]; }
            friend bool operator==(const S&, const S&) = default;
            struct Inner { explicit operator bool() const; };
        private:
            void units();
            friend void elsewhere(S s);
        };
        class C { void units(); public: static C of(std::span<const int> xs); };
        template <class T> void C::later(T z) const { }
    )",
             api);
    const PublicApi expected{{"f", {"a", "b"}}, {"S", {"one"}},     {"S::operator()", {"y"}}, {"S::Inner::operator bool", {}},
                             {"C::of", {"xs"}}, {"C::later", {"z"}}};
    CHECK(pairs_of(api) == pairs_of(expected));
}
