#pragma once

#include <algorithm>
#include <array>
#include <bptt/core/check.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sndfile.hh>
#include <span>
#include <string>
#include <vector>

#include "../support/saver.hpp"

namespace live_audio {

using bptt::Index;

/// One channel of a sound, −1..1, `rate` samples a second. format: how a file has its samples, as libsndfile says it.
struct Sound {
    std::vector<float> samples = {};
    int rate = 48000, format = SF_FORMAT_PCM_24;
};

namespace detail {

/// The first bytes of a file: fewer where it has no more.
inline std::string first_bytes(const std::filesystem::path& file, std::size_t count) {
    std::string bytes(count, '\0');
    std::ifstream in(file, std::ios::binary);
    in.read(bytes.data(), std::ssize(bytes));
    bytes.resize(static_cast<std::size_t>(in.gcount()));
    return bytes;
}
/// Throws where a WAV file has fewer bytes than it says, unless that is a size which a program has left open.
inline void check_whole(const std::filesystem::path& file) {
    const std::string head = first_bytes(file, 8);
    if (head.size() < 8 || !head.starts_with("RIFF")) return;
    std::uint32_t size = 0;
    for (int k = 7; k >= 4; --k) size = size << 8 | static_cast<unsigned char>(head[static_cast<std::size_t>(k)]);
    const std::uintmax_t there = std::filesystem::file_size(file);
    bptt::throw_unless(size > 0xfffffff0 || size <= there, file.string(), " was cut off: it has ", there, " of ",
                       std::uintmax_t{size} + 8, " bytes");
}

}  // namespace detail

inline bool is_wav(const std::filesystem::path& file) {
    const std::string head = detail::first_bytes(file, 12);
    return head.starts_with("RIFF") && head.ends_with("WAVE");
}

/// Reads a sound of one channel: WAV with samples of 16, 24 or 32 bits or floats, or another form that libsndfile knows.
inline Sound read_sound(const std::filesystem::path& file) {
    bptt::throw_unless(std::filesystem::exists(file), "there is no file ", file.string());
    bptt::throw_unless(std::filesystem::is_regular_file(file), file.string(), " is not a regular file");
    detail::check_whole(file);
    SndfileHandle in(file.string());
    bptt::throw_unless(in.error() == 0, file.string(), " cannot be read as a sound: ", in.strError());
    bptt::throw_unless(in.channels() == 1, file.string(), " has ", in.channels(), " channels, not one");
    Sound sound{.rate = in.samplerate(), .format = in.format() & SF_FORMAT_SUBMASK};
    std::array<float, 4096> part{};
    for (sf_count_t n = 1; n > 0;) {
        n = in.read(part.data(), std::ssize(part));
        sound.samples.insert(sound.samples.end(), part.begin(), part.begin() + n);
    }
    for (std::size_t k = 0; k < sound.samples.size(); ++k)
        bptt::throw_unless(std::abs(sound.samples[k]) <= 100, file.string(), ": sample ", k, " is ", sound.samples[k],
                           ", no sound");
    return sound;
}

namespace detail {

/// A file in memory, as libsndfile writes to it.
struct MemoryFile {
    std::string bytes;
    std::size_t at = 0;

    static MemoryFile& of(void* user) { return *static_cast<MemoryFile*>(user); }
    static sf_count_t size(void* user) { return std::ssize(of(user).bytes); }
    static sf_count_t tell(void* user) { return static_cast<sf_count_t>(of(user).at); }
    static sf_count_t read(void*, sf_count_t, void*) { return 0; }
    static sf_count_t seek(sf_count_t by, int from, void* user) {
        const sf_count_t start = from == SEEK_SET ? 0 : from == SEEK_CUR ? tell(user) : size(user);
        of(user).at = static_cast<std::size_t>(start + by);
        return tell(user);
    }
    static sf_count_t write(const void* data, sf_count_t count, void* user) {
        auto& [bytes, at] = of(user);
        const auto n = static_cast<std::size_t>(count);
        bytes.resize(std::max(bytes.size(), at + n));
        std::memcpy(bytes.data() + at, data, n);
        at += n;
        return count;
    }
};

}  // namespace detail

/// Writes a WAV file with samples of the sound's format, or of 24 bits where WAV has no such, that takes the place of what is
/// there, whole. Returns how many samples were beyond ±1, which whole numbers cannot be: there they are ±1.
inline Index write_wav(const std::filesystem::path& file, const Sound& sound) {
    const int as_it_was = SF_FORMAT_WAV | sound.format;
    const int format = SndfileHandle::formatCheck(as_it_was, 1, sound.rate) ? as_it_was : SF_FORMAT_WAV | SF_FORMAT_PCM_24;
    detail::MemoryFile memory;
    {
        using File = detail::MemoryFile;
        SF_VIRTUAL_IO calls{File::size, File::seek, File::read, File::write, File::tell};
        SndfileHandle out(calls, &memory, SFM_WRITE, format, 1, sound.rate);
        bptt::throw_unless(out.error() == 0, file.string(), ": ", out.strError());
        out.command(SFC_SET_CLIPPING, nullptr, SF_TRUE);
        const auto written = out.write(sound.samples.data(), std::ssize(sound.samples));
        bptt::throw_unless(written == std::ssize(sound.samples), file.string(), ": ", out.strError());
    }
    examples::write_file(file, memory.bytes);
    if (sound.format == SF_FORMAT_FLOAT || sound.format == SF_FORMAT_DOUBLE) return 0;
    return std::ranges::count_if(sound.samples, [](float x) { return std::abs(x) > 1; });
}

}  // namespace live_audio
