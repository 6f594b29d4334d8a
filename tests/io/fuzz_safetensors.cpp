// libFuzzer: any bytes as a file. tests/io/fuzz.sh builds and runs it.
#include <sys/mman.h>

#include <cstdlib>
#include <stdexcept>

#include "bptt/io/safetensors.hpp"
#include "support/malformed.hpp"

using namespace bptt;

/// Files to start from, in the folder that is the first argument: what save() writes, and what the tests have refused.
extern "C" int LLVMFuzzerInitialize(int*, char*** arguments) {
    const std::filesystem::path folder = (*arguments)[1];
    save(folder / "pair", two_from(1));
    save(folder / "metadata", two_from(1), {{"vocabulary", "ab\n\"é"}, {"", "\\"}});
    for (std::size_t k = 0; k < malformed::files.size(); ++k)
        if (malformed::files[k].content.size() < 1000)
            std::ofstream(folder / std::to_string(k), std::ios::binary) << malformed::files[k].content;
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const int fd = memfd_create("input", 0);
    static const std::string file = "/proc/self/fd/" + std::to_string(fd);
    if (ftruncate(fd, static_cast<off_t>(size)) != 0 || pwrite(fd, data, size, 0) != static_cast<ssize_t>(size)) std::abort();
    bool sound = true;
    try {
        load_metadata(file);
    } catch (const std::invalid_argument&) {
        sound = false;
    }
    static TwoParams model;
    const TwoParams before = model;
    try {
        load(file, model);
        if (!sound) std::abort();
    } catch (const std::invalid_argument&) {
        if (bits(model) != bits(before)) std::abort();
    }
    return 0;
}
