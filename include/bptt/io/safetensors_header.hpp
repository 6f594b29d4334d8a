#pragma once

#include <algorithm>
#include <array>
#include <deque>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <streambuf>
#include <string_view>

#include "bptt/io/byte_order.hpp"
#include "bptt/io/input_file.hpp"
#include "bptt/io/tensor_info.hpp"

namespace bptt {

/// The metadata of a checkpoint: keys and values, strings in UTF-8.
using Metadata = std::map<std::string, std::string>;

namespace detail {

/// The SAX handler for the JSON of a header: it throws at the first element that does not belong there.
class HeaderHandler : public nlohmann::json_sax<nlohmann::json> {
public:
    Metadata metadata;
    std::deque<TensorInfo> tensors;  // a vector would take three times as much while it grows

    explicit HeaderHandler(const std::string& where) : where_(where) {}

    bool null() override { return unexpected("null"); }
    bool boolean(bool) override { return unexpected("a boolean"); }
    bool binary(binary_t&) override { return unexpected("binary data"); }
    bool number_integer(number_integer_t) override { return unexpected("a negative number"); }
    bool number_float(number_float_t, const std::string&) override {
        return unexpected("a number that is not a 64-bit integer");
    }
    bool number_unsigned(number_unsigned_t n) override {
        if (at_ != At::in_shape && at_ != At::in_offsets) return unexpected("a number");
        if (at_ == At::in_shape) {
            expect(!__builtin_mul_overflow(elements_, n, &elements_), "the shape has more than 2^64 elements");
            if (tensor_.shape.size() < 64)  // enough for 20 dimensions
                tensor_.shape += (tensor_.shape.size() > 1 ? "," : "") + std::to_string(n);
            else if (!tensor_.shape.ends_with(cut_off))
                tensor_.shape += cut_off;
        } else {
            expect(offsets_ < 2, "data_offsets holds more than two numbers");
            (offsets_++ == 0 ? tensor_.begin : tensor_.end) = n;
        }
        return true;
    }
    bool string(std::string& s) override {
        if (at_ != At::metadata && at_ != At::dtype) return unexpected("a string");
        if (at_ == At::metadata) {
            throw_unless(metadata.try_emplace(key_, std::move(s)).second, where_, ": the metadata has ", Quoted{key_},
                         " twice");
            return true;
        }
        tensor_.dtype = std::ranges::find(dtypes, s, &Dtype::name);
        expect(tensor_.dtype != std::end(dtypes), "there is no dtype ", Quoted{s});
        return now(At::tensor);
    }
    bool start_array(std::size_t) override {
        if (at_ != At::shape && at_ != At::data_offsets) return unexpected("an array");
        return now(at_ == At::shape ? At::in_shape : At::in_offsets);
    }
    bool end_array() override {
        expect(at_ == At::in_shape || offsets_ == 2, "data_offsets holds fewer than two numbers");
        if (at_ == At::in_shape) tensor_.shape += ']';
        return now(At::tensor);
    }
    bool start_object(std::size_t) override {
        if (at_ == At::start) return now(At::header);
        if (at_ != At::header) return unexpected("an object");
        if (key_ == "__metadata__") {
            throw_unless(!std::exchange(has_metadata_, true), where_, ": \"__metadata__\" comes twice");
            return now(At::metadata);
        }
        throw_unless(!key_.empty(), where_, ": a tensor's name is empty");
        throw_unless(key_.find('\0') == key_.npos, where_, ": the tensor name ", Quoted{key_}, " holds a NUL");
        tensor_ = {.name = key_, .shape = "["};
        elements_ = 1;
        offsets_ = 0;
        seen_ = {};
        return now(At::tensor);
    }
    bool key(std::string& k) override {
        if (at_ != At::tensor) {
            key_ = k;
            return true;
        }
        const auto field = static_cast<std::size_t>(std::ranges::find(fields, k) - fields.begin());
        expect(field < fields.size(), "there is no field ", Quoted{k});
        expect(!std::exchange(seen_[field], true), k, " comes twice");
        return now(static_cast<At>(field));
    }
    bool end_object() override {
        if (at_ == At::tensor) end_tensor();
        return now(At::header);
    }
    bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception& e) override {
        std::string what = e.what();  // "[json.exception.parse_error.101] parse error at ...; last read: ..."
        what = what.substr(what.find("] ") + 2, 150);
        fail({where_, ": the header is not JSON: ", what.substr(0, what.find("; last read"))});
    }

private:
    static constexpr std::array<std::string_view, 3> fields{"dtype", "shape", "data_offsets"};
    // Where in the JSON the parser is. The first three: after the name of that field.
    enum class At { dtype, shape, data_offsets, in_shape, in_offsets, tensor, metadata, header, start };

    bool now(At at) {
        at_ = at;
        return true;
    }
    template <class... Parts> void expect(bool ok, const Parts&... parts) const {
        throw_unless(ok, where_, ": tensor ", Quoted{tensor_.name}, ": ", parts...);
    }
    bool unexpected(const char* what) const {
        if (at_ == At::header) fail({where_, ": ", Quoted{key_}, " is ", what, ", not an object"});
        if (at_ == At::metadata) fail({where_, ": the metadata's ", Quoted{key_}, " is ", what, ", not a string"});
        expect(at_ != At::dtype, "dtype is ", what, ", not a string");
        expect(at_ != At::shape, "shape is ", what, ", not an array");
        expect(at_ != At::data_offsets, "data_offsets is ", what, ", not an array");
        fail({where_, ": tensor ", Quoted{tensor_.name}, at_ == At::in_shape ? ": shape" : ": data_offsets", " holds ", what});
    }
    void end_tensor() {
        for (std::size_t k = 0; k < fields.size(); ++k) expect(seen_[k], "there is no ", fields[k]);
        std::uint64_t bits = 0;
        expect(!__builtin_mul_overflow(elements_, tensor_.dtype->bits, &bits), "its size is beyond 2^64 bits");
        expect(bits % 8 == 0, tensor_.dtype->name, ' ', tensor_.shape, " does not fill its last byte");
        expect(tensor_.begin <= tensor_.end, "data_offsets end at ", tensor_.end, ", before they begin at ", tensor_.begin);
        expect(tensor_.end - tensor_.begin == bits / 8, tensor_.dtype->name, ' ', tensor_.shape, " takes ", bits / 8,
               " bytes; data_offsets hold ", tensor_.end - tensor_.begin);
        tensors.push_back(tensor_);
    }

    const std::string& where_;
    At at_ = At::start;
    std::string key_;  // in the header or in the metadata
    bool has_metadata_ = false;
    TensorInfo tensor_;
    std::uint64_t elements_ = 1;
    int offsets_ = 0;  // read so far
    std::array<bool, 3> seen_{};
};

/// The header's bytes, a block at a time.
class HeaderBuffer : public std::streambuf {
public:
    HeaderBuffer(const InputFile& file, std::uint64_t begin, std::uint64_t end) : file_(file), at_(begin), end_(end) {}

protected:
    int_type underflow() override {
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(end_ - at_, block_.size()));
        if (size == 0) return traits_type::eof();
        file_.read(at_, block_.data(), size);
        at_ += size;
        // The JSON parser would take a NUL byte for the end.
        throw_unless(std::ranges::find(block_.data(), block_.data() + size, '\0') == block_.data() + size, file_.where(),
                     ": the header is not JSON: it holds a NUL byte");
        setg(block_.data(), block_.data(), block_.data() + size);
        return traits_type::to_int_type(block_.front());
    }

private:
    const InputFile& file_;
    std::uint64_t at_, end_;
    std::array<char, 4096> block_;
};

inline constexpr std::uint64_t max_header_size = 100'000'000;

/// The header of a file, after all checks.
struct SafetensorsHeader {
    Metadata metadata;
    std::deque<TensorInfo> tensors;  // in the order of their data
    std::uint64_t data = 0;          // where in the file the tensors' data begins
};

/// Sorts the tensors by the offset of their data. Throws unless the data covers `size` bytes without gaps and overlaps.
inline void sort_by_data(std::deque<TensorInfo>& tensors, std::uint64_t size, const std::string& where) {
    std::ranges::sort(tensors, {}, [](const TensorInfo& t) { return std::pair(t.begin, t.end); });
    std::uint64_t end = 0;
    for (const TensorInfo& t : tensors) {
        throw_unless(t.begin >= end, where, ": tensor ", Quoted{t.name}, " begins at ", t.begin, ", in another that ends at ",
                     end);
        throw_unless(t.begin <= end, where, ": tensor ", Quoted{t.name}, " begins at ", t.begin, ", after a gap from ", end);
        end = t.end;
    }
    throw_unless(end == size, where, ": the file holds ", size, " bytes of data; its tensors end at ", end);
}

/// Reads and checks all of a safetensors file but the numbers. Memory grows with the bytes read, never with sizes that the file
/// claims: it is at most twice those bytes, or 12 times for long strings, and 100 bytes for each short metadata entry. Throws
/// std::invalid_argument with the file, the tensor and the reason.
inline SafetensorsHeader read_header(const InputFile& file) {
    const std::string& where = file.where();
    std::uint64_t length = 0;
    throw_unless(file.size() >= sizeof length, where, ": has ", file.size(), " bytes, too few for a safetensors file");
    file.read(0, &length, sizeof length);
    swap_little_endian(&length, 1, sizeof length);
    throw_unless(length <= max_header_size, where, ": the header would take ", length, " bytes; ", max_header_size,
                 " is the limit; is it a safetensors file?");
    throw_unless(length <= file.size() - sizeof length, where, ": the header would take ", length, " bytes; the file has ",
                 file.size());

    HeaderBuffer json(file, sizeof length, sizeof length + length);
    throw_unless(json.sgetc() == '{', where, ": the header does not begin with {");
    HeaderHandler handler(where);
    nlohmann::json::sax_parse(std::istreambuf_iterator<char>(&json), std::istreambuf_iterator<char>(), &handler);
    SafetensorsHeader header{std::move(handler.metadata), std::move(handler.tensors), sizeof length + length};

    std::ranges::sort(header.tensors, {}, &TensorInfo::name);
    const auto twice = std::ranges::adjacent_find(header.tensors, {}, &TensorInfo::name);
    if (twice != header.tensors.end()) throw_unless(false, where, ": tensor ", Quoted{twice->name}, " comes twice");
    sort_by_data(header.tensors, file.size() - header.data, where);
    return header;
}

}  // namespace detail
}  // namespace bptt
