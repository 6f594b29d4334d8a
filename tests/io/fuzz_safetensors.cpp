// libFuzzer: any bytes as a file. tests/io/fuzz.sh builds and runs it.
#include <sys/mman.h>

#include <cstdlib>
#include <stdexcept>

#include "bptt/io/checkpoint.hpp"
#include "bptt/io/safetensors.hpp"
#include "support/malformed.hpp"

using namespace bptt;

namespace {

/// A run with a part of each kind.
struct Run {
    TwoParams model = two_from(1);
    Mat<float> empty;
    NamedMatrices<float> named;
    std::vector<std::int32_t> counts;
    std::string note;
    bool flag = false;

    static void checkpoint(auto& m, auto&& f) {
        f("model", m.model), f("empty", m.empty), f("named", m.named), f("counts", m.counts), f("note", m.note);
        f("flag", m.flag);
    }
    bool operator==(const Run& other) const {
        return bits(model) == bits(other.model) && empty.size() == other.empty.size() && named.size() == other.named.size() &&
               counts == other.counts && note == other.note && flag == other.flag;
    }
};

std::string file_of(const std::string& content) {
    static const int fd = memfd_create("input", 0);
    const auto size = static_cast<off_t>(content.size());
    if (ftruncate(fd, size) != 0 || pwrite(fd, content.data(), content.size(), 0) != size) std::abort();
    return "/proc/self/fd/" + std::to_string(fd);
}
/// Whether f() is done; a refusal leaves `kept` as it was.
template <class F, class State> bool done(F f, State kept) {
    const auto before = kept();
    try {
        f();
        return true;
    } catch (const std::invalid_argument&) {
        if (!(kept() == before)) std::abort();
        return false;
    }
}
/// The bytes with the checksum that they should have, so that what they hold is read.
std::string with_right_checksum(std::string content) {
    const std::string key = '"' + std::string(detail::checksum_key) + "\":\"";
    const auto at = content.find(key);
    if (at == content.npos || content.size() < at + key.size() + 16) return content;
    content.replace(at + key.size(), 16, 16, '0');
    detail::Checksum sum;
    sum.add(content.data(), content.size());
    return content.replace(at + key.size(), 16, sum.digits());
}
void read_by_name(const std::string& file) {
    const SavedModel saved(file);
    const auto nothing = [] { return 0; };
    for (const std::string& name : saved.names()) {
        done([&] { saved.tensor<float>(name, {.convert = true}).matrix(); }, nothing);
        done([&] { saved.tensor<double>(name, {.convert = true}).matrix(); }, nothing);
        done([&] { saved.tensor<std::int64_t>(name); }, nothing);
    }
}

}  // namespace

/// Files to start from, in the folder that is the first argument: what is saved, and what the tests have refused.
extern "C" int LLVMFuzzerInitialize(int*, char*** arguments) {
    const std::filesystem::path folder = (*arguments)[1];
    save(folder / "pair", two_from(1));
    save(folder / "metadata", two_from(1), {{"vocabulary", "ab\n\"é"}, {"", "\\"}});
    save_checkpoint(folder / "run", Run{.named = {{"m", Mat<float>::Ones(1, 2)}}, .counts = {1, 2}, .note = "note"});
    const std::string json = malformed::tensor("a", R"("BF16")", "[2,2]", "[0,8]") + ',' +
                             malformed::tensor("m.b", R"("F64")", "[2]", "[8,24]") + ',' +
                             malformed::tensor("ids", R"("I64")", "[1,1,1]", "[24,32]");
    std::ofstream(folder / "others", std::ios::binary) << safetensors('{' + json + '}', 32);
    for (std::size_t k = 0; k < malformed::files.size(); ++k)
        if (malformed::files[k].content.size() < 1000)
            std::ofstream(folder / std::to_string(k), std::ios::binary) << malformed::files[k].content;
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string content(reinterpret_cast<const char*>(data), size), file = file_of(content);
    static TwoParams model;
    const auto model_bits = [] { return bits(model); };
    const bool sound = done([&] { load_metadata(file); }, model_bits);
    bool loaded = done([&] { load(file, model); }, model_bits);
    loaded |= done([&] { load(file, model, {.rename = {{"b", "m.b"}}, .partial = true, .convert = true}); }, model_bits);
    loaded |= done([&] { load(file, model, {.prefix = "model.", .convert = true}); }, model_bits);
    if (loaded && !sound) std::abort();
    if (sound) read_by_name(file);

    static Run run;
    file_of(with_right_checksum(content));
    done([&] { load_checkpoint(file, run); }, [] { return run; });
    return 0;
}
