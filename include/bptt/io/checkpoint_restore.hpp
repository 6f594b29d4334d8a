#pragma once

#include <charconv>
#include <cstring>
#include <functional>
#include <memory>
#include <set>

#include "bptt/io/checkpoint_parts.hpp"

namespace bptt::detail {

/// Reads the parts of a run from a file: first what is wanted of each, then all numbers; then, where nothing can fail any more,
/// it puts them in place.
class RestoredParts {
public:
    static constexpr bool restores = true;

    /// frame: of the function that visits the run; what is below it on the stack is gone when the parts are set.
    RestoredParts(const InputFile& file, const SafetensorsHeader& header, const void* frame)
        : file_(file), header_(header), frame_(frame) {
        for (const TensorInfo& t : header.tensors) by_name_.emplace(t.name, &t);
    }

    const std::string& where() const { return file_.where(); }

    template <class T> void parameter(const std::string& name, Param<T>& p) { matrix(name, p.value, p.rows(), p.cols()); }
    /// One that is not empty keeps its shape.
    template <class T> void operator()(const std::string& name, Mat<T>& m) {
        const auto [rows, cols] = m.size() > 0 ? std::pair(m.rows(), m.cols()) : shape_in_file(name);
        matrix(name, m, rows, cols);
    }
    /// All of the file that are called so; those of the run go.
    template <class T> void operator()(const std::string& name, NamedMatrices<T>& all) {
        check_place(name, &all);
        const auto fresh = std::make_shared<NamedMatrices<T>>();
        const std::string before = name + '.';
        for (auto at = by_name_.lower_bound(before); at != by_name_.end() && at->first.starts_with(before); ++at) {
            const auto [rows, cols] = shape_in_file(at->first);
            matrix(std::string(at->first), (*fresh)[std::string(at->first.substr(before.size()))], rows, cols);
        }
        commits_.push_back([&all, fresh] { all.swap(*fresh); });
    }
    template <NumberOrEnum T> void operator()(const std::string& name, T& x) {
        using Raw = decltype(as_number(x));
        want<Raw>(name, &x, "[]", 1, [this, &x, name](const Raw* read) {
            if constexpr (std::is_same_v<Raw, bool>) {
                unsigned char byte = 0;
                std::memcpy(&byte, read, 1);
                throw_unless(byte < 2, where(), ": ", Quoted{name}, " is ", int{byte}, ", neither true nor false");
            }
            commits_.push_back([&x, value = static_cast<T>(*read)] { x = value; });
        });
    }
    template <Element T> void operator()(const std::string& name, std::vector<T>& all) {
        const auto found = by_name_.find(name);
        const std::uint64_t bytes = found == by_name_.end() ? 0 : found->second->end - found->second->begin;
        const std::uint64_t count = bytes / sizeof(T);
        want<T>(name, &all, '[' + std::to_string(count) + ']', count, [this, &all, count](const T* read) {
            const auto fresh = std::make_shared<std::vector<T>>(read, read + count);
            commits_.push_back([&all, fresh] { all.swap(*fresh); });
        });
    }
    void operator()(const std::string& name, std::string& text) {
        check_place(name, &text);
        const auto found = header_.metadata.find(name);
        throw_unless(found != header_.metadata.end(), where(), ": does not fit the run: there is no string ", Quoted{name});
        texts_.insert(name);
        commits_.push_back([&text, fresh = std::make_shared<std::string>(found->second)] { text.swap(*fresh); });
    }
    template <class X> void operator()(MadeAnew<X> part) {
        commits_.push_back([&member = part.member] { member = X(); });
    }

    /// `own`: the key of the metadata that is no string of the run.
    void finish(const std::string& own) {
        const auto begins = match(header_, wanted_, where(), "run");
        for (const auto& [key, text] : header_.metadata)
            throw_unless(key == own || texts_.contains(key), where(), ": does not fit the run: the string ", Quoted{key},
                         " is in the file and not in the run");
        std::vector<std::byte> bytes;
        for (std::size_t k = 0; k < wanted_.size(); ++k) {
            bytes.resize(static_cast<std::size_t>(wanted_[k].end - wanted_[k].begin));
            file_.read(begins[k], bytes.data(), bytes.size());
            const auto size = static_cast<std::size_t>(wanted_[k].dtype->bits / 8);
            swap_little_endian(bytes.data(), bytes.size() / size, size);
            takers_[k](bytes.data());
        }
        for (const auto& commit : commits_) commit();
    }

private:
    std::pair<Index, Index> shape_in_file(std::string_view name) const {
        const auto found = by_name_.find(name);
        if (found == by_name_.end()) return {0, 0};
        const std::string& text = found->second->shape;
        Index rows = 0, cols = 0;
        const char *const end = text.data() + text.size(), *const comma = std::find(text.data(), end, ',');
        if (comma == end) return {0, 0};
        std::from_chars(text.data() + 1, comma, rows);
        std::from_chars(comma + 1, end, cols);
        return {rows, cols};  // match() sees whether it is a matrix's
    }
    template <class T> void matrix(const std::string& name, Mat<T>& m, Index rows, Index cols) {
        const auto count = static_cast<std::uint64_t>(rows) * static_cast<std::uint64_t>(cols);
        want<T>(name, &m, shape_text(rows, cols), count, [this, &m, rows, cols](const T* read) {
            const auto fresh = std::make_shared<Mat<T>>(Eigen::Map<const RowMajor<T>>(read, rows, cols));
            commits_.push_back([&m, fresh] { m.swap(*fresh); });
        });
    }
    /// Throws where the part is a variable of the function that visits it, as far as that can be seen.
    void check_place(const std::string& name, const void* part) const {
        const auto place = reinterpret_cast<std::uintptr_t>(part);
        const bool local = place > reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)) &&
                           place < reinterpret_cast<std::uintptr_t>(frame_);
        throw_unless(!local, where(), ": ", Quoted{name}, " is a variable of a function that is over before it is set");
    }
    template <class T, class Take>
    void want(const std::string& name, const void* part, std::string shape, std::uint64_t count, Take take) {
        check_place(name, part);
        throw_unless(std::ranges::find(wanted_, name, &TensorInfo::name) == wanted_.end(), where(), ": two parts are called ",
                     Quoted{name});
        wanted_.push_back({name, std::move(shape), dtype_of<T>(), 0, count * sizeof(T)});
        takers_.push_back([take](const std::byte* bytes) { take(reinterpret_cast<const T*>(bytes)); });
    }

    const InputFile& file_;
    const SafetensorsHeader& header_;
    const void* frame_;
    std::map<std::string_view, const TensorInfo*> by_name_;
    std::vector<TensorInfo> wanted_;
    std::vector<std::function<void(const std::byte*)>> takers_;  // of the bytes of each that is wanted
    std::vector<std::function<void()>> commits_;
    std::set<std::string> texts_;
};

}  // namespace bptt::detail
