#pragma once

#include <array>

#include "bptt/io/atomic_file.hpp"
#include "bptt/io/checkpoint_restore.hpp"
#include "bptt/io/earlier_files.hpp"

namespace bptt {

namespace detail {

/// FNV-1a, 64 bits: a file with one byte changed always has another.
class Checksum {
public:
    void add(const void* data, std::size_t size) {
        const auto* bytes = static_cast<const unsigned char*>(data);
        for (std::size_t k = 0; k < size; ++k) sum_ = (sum_ ^ bytes[k]) * 0x100000001b3;
    }
    std::string digits() const {
        std::string text(16, '0');
        for (std::size_t k = 0; k < text.size(); ++k) text[k] = "0123456789abcdef"[sum_ >> (60 - 4 * k) & 15];
        return text;
    }

private:
    std::uint64_t sum_ = 0xcbf29ce484222325;
};

inline constexpr const char* checksum_key = "bptt.checksum";

/// Where in a header's JSON the checksum's digits stand. In a string a quote would have a backslash before it.
inline std::size_t checksum_place(const std::string& json) {
    const std::string key = '"' + std::string(checksum_key) + "\":\"";
    for (std::size_t at = json.find(key); at != json.npos; at = json.find(key, at + 1))
        if (at > 0 && (json[at - 1] == '{' || json[at - 1] == ',')) return at + key.size();
    return json.npos;
}

/// Throws unless the file has a checksum, and it is that of the file with the checksum's digits taken as zeros.
inline void verify_checksum(const InputFile& file, const SafetensorsHeader& header) {
    const auto known = header.metadata.find(checksum_key);
    throw_unless(known != header.metadata.end(), file.where(), ": it has no checksum; is it a checkpoint?");
    std::string start(static_cast<std::size_t>(header.data), '\0');
    file.read(0, start.data(), start.size());
    const std::size_t place = checksum_place(start);
    const std::string zeros(known->second.size(), '0');
    const bool found = place < start.size() && start.compare(place, zeros.size(), known->second) == 0;
    throw_unless(found, file.where(), ": its checksum cannot be found");
    start.replace(place, zeros.size(), zeros);
    Checksum sum;
    sum.add(start.data(), start.size());
    std::array<char, 1 << 16> block;
    for (std::uint64_t at = header.data; at < file.size();) {
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(block.size(), file.size() - at));
        file.read(at, block.data(), size);
        sum.add(block.data(), size);
        at += size;
    }
    throw_unless(sum.digits() == known->second, file.where(), ": it is damaged: its checksum is ", sum.digits(), ", not ",
                 Quoted{known->second});
}

}  // namespace detail

/// keep: how many checkpoints of one name there are to be: run.safetensors, the one before it run.1.safetensors, and so on;
/// files of these names are replaced.
struct CheckpointOptions {
    int keep = 1;
};

/// Saves what a training goes on from. `run` has a `static void checkpoint(auto& m, auto&& f)`, or is a function
/// `[&](auto&& f) { f("model", model), f("adam", adam), f("rng", rng), f("carry", carry), f("step", step); }`: numbers, enums,
/// strings, vectors of numbers, matrices, states of matrices, models, optimisers with their options, generators, and what has a
/// checkpoint() itself. Of a model it keeps the parameters; gradients are left out. The file is a safetensors file, with the
/// strings and a checksum over all of it in the metadata. It is replaced as by save().
template <class Run> void save_checkpoint(const std::filesystem::path& file, const Run& run, CheckpointOptions options = {}) {
    const std::string where = "save_checkpoint: " + file.string();
    throw_unless(options.keep > 0, where, ": keep is ", options.keep, ", not positive");
    detail::SavedParts parts(where);
    detail::each_leaf("", run, parts);
    parts.check_maps();
    Metadata metadata = parts.texts();
    metadata[detail::checksum_key] = std::string(16, '0');
    std::string json = detail::header_json(parts.tensors(), metadata);
    detail::Checksum sum;
    sum.add(detail::length_bytes(json).data(), 8);
    sum.add(json.data(), json.size());
    sum.add(parts.data().data(), parts.data().size());
    json.replace(detail::checksum_place(json), 16, sum.digits());
    detail::AtomicFile out(file, where);
    detail::write_header(out, json);
    out.write(parts.data().data(), parts.data().size());
    const detail::EarlierFiles earlier(file, options.keep, where);
    out.commit();
    earlier.shift();
}

/// Restores a run that save_checkpoint() saved, all of it or nothing: throws, and the run stays as it is, where the file is
/// damaged, or does not have the parts of the run, and no others, in their types and shapes. An empty matrix takes the file's
/// shape, a vector its length. The parts are set after all has been read: they must not be variables of the function. Options
/// that are to be others are set afterwards.
template <class Run> [[gnu::noinline]] void load_checkpoint(const std::filesystem::path& file, Run&& run) {
    const detail::InputFile in(file, "load_checkpoint: " + file.string());
    const auto header = detail::read_header(in);
    detail::verify_checksum(in, header);
    detail::RestoredParts parts(in, header, __builtin_frame_address(0));
    if constexpr (HasCheckpoint<Run>)
        detail::each_leaf("", run, parts);
    else
        detail::each_leaf("", std::as_const(run), parts);  // a function that changes what it holds would change a copy
    parts.finish(detail::checksum_key);
}

}  // namespace bptt
