#include "../../examples/support/images.hpp"

#include <string>
#include <vector>

#include "catch.hpp"
#include "support/folder.hpp"
#include "support/idx.hpp"

using bptt::Index;

TEST_CASE("read_images: the rows of an image from the top are its columns, 0..1, beside its label") {
    const Folder folder;
    const auto images = folder.write("images", idx({2, 2, 3}, {0, 51, 102, '\x99', '\xcc', '\xff', 1, 2, 3, 4, 5, 6}));
    const auto labels = folder.write("labels", idx({2}, {9, 0}));
    const auto all = examples::read_images(images, labels, 10);
    REQUIRE(all.images.size() == 2);
    CHECK((all.images[0] - (bptt::Mat<float>(3, 2) << 0, 0.6f, 0.2f, 0.8f, 0.4f, 1).finished()).cwiseAbs().maxCoeff() < 1e-6f);
    CHECK(all.images[1](2, 1) == 6.f / 255);
    CHECK(all.labels == std::vector<Index>{9, 0});
}

TEST_CASE("image_names: the words of names.txt, which is named where it is no text") {
    const Folder folder;
    folder.write("names.txt", "coat ankle-boot\nbag\n");
    CHECK(examples::image_names(folder.top()) == std::vector<std::string>{"coat", "ankle-boot", "bag"});
    folder.write("names.txt", "coat b\xe9g");
    CHECK_THROWS_WITH(examples::image_names(folder.top()), ContainsSubstring("names.txt is no UTF-8"));
    CHECK_THROWS_WITH(examples::image_names(folder / "none"), ContainsSubstring("there is no "));
}

TEST_CASE("read_images: what is no file of images, or not its labels, is named in a sentence") {
    const Folder folder;
    const auto file = [&](const char* name, const std::string& content) { return folder.write(name, content); };
    const auto images = file("images", idx({2, 1, 1}, "ab")), labels = file("labels", idx({2}, {1, 2}));
    const auto refuses = [&](const std::filesystem::path& x, const std::filesystem::path& y, const std::string& words) {
        CHECK_THROWS_WITH(examples::read_images(x, y, 3), ContainsSubstring(words));
    };
    refuses(images, folder.top(), " is a folder, not an idx file");
    refuses(folder / "none", labels, "there is no ");
    refuses(file("packed", "\x1f\x8b\b and more bytes"), labels, "packed is compressed: unpack it with gunzip");
    refuses(file("text", "some text that is long enough"), labels, "text is no idx file");
    refuses(file("short", idx({2, 1, 1}, "").substr(0, 15)), labels, "short is no idx file");
    refuses(labels, images, "labels is no idx file");
    refuses(file("flat", idx({3, 1}, "abcdefgh")), labels,
            "flat has numbers of type 8 in 2 dimensions, not bytes, type 8, in 3");
    refuses(file("floats", idx({1, 1, 1}, "abcd", 13)), labels, "floats has numbers of type 13 in 3 dimensions");
    refuses(file("cut", idx({2, 1, 1}, "a")), labels, "cut has 1 bytes after its header, which says 2x1x1");
    refuses(file("longer", idx({2, 1, 1}, "abc")), labels, "longer has 3 bytes after its header, which says 2x1x1");
    refuses(file("empty", idx({0, 1, 1}, "")), labels, "empty holds nothing: its header says 0x1x1");
    std::string huge = idx({1, 1, 1}, "");
    for (const std::size_t k : {4u, 8u, 12u}) huge[k] = '\xff';
    refuses(file("huge", huge), labels, "huge has 0 bytes after its header, which says 4278190081x4278190081x4278190081");
    refuses(images, file("fewer", idx({1}, "\1")), "images has 2 images, ");
    refuses(images, file("fewer", idx({1}, "\1")), "fewer has 1 labels");
    refuses(images, file("other", idx({2}, {1, 3})), "other: label 1 is 3, there are 3 classes");
}
