#include "../../examples/live_audio/sound.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include "../../examples/live_audio/guitar.hpp"
#include "catch.hpp"
#include "support/folder.hpp"

using live_audio::Sound;

namespace {

const std::vector<float> samples = {0, 0.5f, -0.25f, 0.999f, -1, 1e-3f};

void write_stereo(const std::filesystem::path& file) {
    SndfileHandle out(file.string(), SFM_WRITE, SF_FORMAT_WAV | SF_FORMAT_PCM_16, 2, 44100);
    const std::vector<float> both(8, 0.5f);
    out.writef(both.data(), 4);
}
float distance(const std::vector<float>& a, const std::vector<float>& b) {
    float most = a.size() == b.size() ? 0.f : 1e9f;
    for (std::size_t k = 0; k < std::min(a.size(), b.size()); ++k) most = std::max(most, std::abs(a[k] - b[k]));
    return most;
}

}  // namespace

TEST_CASE("write_wav, read_sound: samples of 16, 24 and 32 bits and floats come back to one and a half of their last bit") {
    const Folder folder;
    const auto file = folder / "sound.wav";
    struct Case {
        int format, bits;
    };
    for (const auto [format, bits] :
         {Case{SF_FORMAT_PCM_16, 16}, {SF_FORMAT_PCM_24, 24}, {SF_FORMAT_PCM_32, 24}, {SF_FORMAT_FLOAT, 30}}) {
        CHECK(live_audio::write_wav(file, {samples, 44100, format}) == 0);
        const Sound back = live_audio::read_sound(file);
        CHECK(back.rate == 44100);
        CHECK(back.format == format);
        // libsndfile takes 1 for 32767 when it writes and for 32768 when it reads.
        CHECK(distance(back.samples, samples) <= std::ldexp(1.5f, 1 - bits));
    }
    CHECK(live_audio::write_wav(file, {samples, 48000, SF_FORMAT_VORBIS}) == 0);  // which WAV has not
    CHECK(live_audio::read_sound(file).format == SF_FORMAT_PCM_24);
}

TEST_CASE("write_wav: what is beyond full scale is at it, and is counted, floats stay") {
    const Folder folder;
    const auto file = folder / "sound.wav";
    const std::vector<float> loud = {2, -3, 0.5f};
    CHECK(live_audio::write_wav(file, {loud, 48000, SF_FORMAT_PCM_16}) == 2);
    CHECK(distance(live_audio::read_sound(file).samples, {1, -1, 0.5f}) < 1e-4f);
    CHECK(live_audio::write_wav(file, {loud, 48000, SF_FORMAT_FLOAT}) == 0);
    CHECK(live_audio::read_sound(file).samples == loud);
}

TEST_CASE("read_sound: what is no sound of one channel is named in a sentence") {
    const Folder folder;
    const auto file = folder / "sound.wav";
    const auto refuses = [&](const std::string& words) {
        CHECK_THROWS_WITH(live_audio::read_sound(file), ContainsSubstring("sound.wav") && ContainsSubstring(words));
    };
    refuses("there is no file");
    std::filesystem::create_directory(file);
    refuses("is not a regular file");
    std::filesystem::remove(file);
    folder.write("sound.wav", "RIFX, and no sound");
    refuses("cannot be read as a sound: ");
    write_stereo(file);
    refuses("has 2 channels, not one");
    live_audio::write_wav(file, {{0, std::numeric_limits<float>::quiet_NaN()}, 48000, SF_FORMAT_FLOAT});
    refuses("sample 1 is nan, no sound");
}

TEST_CASE("read_sound: a file that was cut off is no sound, one whose length was left open is all that is there") {
    const Folder folder;
    const auto file = folder / "sound.wav";
    live_audio::write_wav(file, {std::vector<float>(1000, 0.25f), 48000, SF_FORMAT_PCM_16});
    CHECK(live_audio::is_wav(file));
    std::filesystem::resize_file(file, 1044);
    CHECK_THROWS_WITH(live_audio::read_sound(file), ContainsSubstring("sound.wav was cut off: it has 1044 of 2044 bytes"));
    for (const int at : {4, 40})
        std::fstream(file, std::ios::in | std::ios::out | std::ios::binary).seekp(at).write("\xff\xff\xff\xff", 4);
    CHECK(live_audio::read_sound(file).samples == std::vector<float>(500, 0.25f));
    folder.write("sound.wav", "RIFF____AVI ");
    CHECK_FALSE(live_audio::is_wav(file));
}

TEST_CASE("guitar, distorted: within full scale, and the same each time, tanh of 8 times a constant, times 0.7") {
    bptt::Rng rng(3), again(3);
    const Sound guitar = live_audio::guitar(0.5, rng);
    CHECK(guitar.samples.size() == 24000);
    CHECK(guitar.samples == live_audio::guitar(0.5, again).samples);
    CHECK(std::ranges::max(guitar.samples) > 0.05f);
    CHECK(std::ranges::all_of(guitar.samples, [](float x) { return std::abs(x) <= 1; }));
    const Sound constant = live_audio::distorted({std::vector<float>(200, 0.1f)});
    const double corner = 1 - std::exp(-2 * 3.14159265358979 * 3000 / 48000), settled = 0.7 * std::tanh(0.8);
    CHECK(std::abs(constant.samples[0] - corner * settled) < 1e-6);
    CHECK(std::abs(constant.samples[199] - settled) < 1e-6);
}
