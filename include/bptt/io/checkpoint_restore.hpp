#pragma once

#include <cstring>
#include <set>

#include "bptt/io/checkpoint_parts.hpp"
#include "bptt/io/saved_tensor.hpp"

namespace bptt::detail {

/// Reads the parts of a run from a file, all of them or nothing.
class RestoredParts {
public:
    static constexpr bool restores = true;

    /// frame: of the function that visits the run; what is below it on the stack is gone when the parts are set.
    RestoredParts(const InputFile& file, const SafetensorsHeader& header, const void* frame)
        : reads_(file, header, "run"), frame_(frame) {}

    const std::string& where() const { return reads_.file().where(); }

    template <class T> void parameter(const std::string& name, Param<T>& p) { matrix(name, p.value, p.rows(), p.cols()); }
    /// One that is not empty keeps its shape.
    template <class T> void operator()(const std::string& name, Mat<T>& m) {
        const auto [rows, cols] = m.size() > 0 ? std::pair(m.rows(), m.cols()) : shape_in_file(reads_.find(name));
        matrix(name, m, rows, cols);
    }
    /// All of the file that are called so; those of the run go.
    template <class T> void operator()(const std::string& name, NamedMatrices<T>& all) {
        check_place(name, &all);
        const auto fresh = std::make_shared<NamedMatrices<T>>();
        const std::string before = name + '.';
        for (const TensorInfo& t : reads_.header().tensors) {
            if (!t.name.starts_with(before)) continue;
            const auto [rows, cols] = shape_in_file(&t);
            matrix(t.name, (*fresh)[t.name.substr(before.size())], rows, cols);
        }
        reads_.finally([&all, fresh] { all.swap(*fresh); });
    }
    template <NumberOrEnum T> void operator()(const std::string& name, T& x) {
        using Raw = decltype(as_number(x));
        want<Raw>(name, &x, {}, [this, &x, name](std::shared_ptr<Raw[]> read) {
            if constexpr (std::is_same_v<Raw, bool>) {
                unsigned char byte = 0;
                std::memcpy(&byte, read.get(), 1);
                throw_unless(byte < 2, where(), ": ", Quoted{name}, " is ", int{byte}, ", neither true nor false");
            }
            reads_.finally([&x, value = static_cast<T>(read[0])] { x = value; });
        });
    }
    template <Element T> void operator()(const std::string& name, std::vector<T>& all) {
        const TensorInfo* const found = reads_.find(name);
        const auto count = static_cast<std::size_t>(found ? size_of(*found) : 0);
        want<T>(name, &all, {static_cast<Index>(count)}, [this, &all, count](std::shared_ptr<T[]> read) {
            const auto fresh = std::make_shared<std::vector<T>>(read.get(), read.get() + count);
            reads_.finally([&all, fresh] { all.swap(*fresh); });
        });
    }
    void operator()(const std::string& name, std::string& text) {
        check_place(name, &text);
        const auto found = metadata().find(name);
        throw_unless(found != metadata().end(), where(), ": does not fit the run: there is no string ", Quoted{name});
        texts_.insert(name);
        reads_.finally([&text, fresh = std::make_shared<std::string>(found->second)] { text.swap(*fresh); });
    }
    template <class X> void operator()(MadeAnew<X> part) {
        reads_.finally([&member = part.member] { member = X(); });
    }

    /// `own`: the key of the metadata that is no string of the run.
    void finish(const std::string& own) {
        for (const auto& [key, text] : metadata())
            throw_unless(key == own || texts_.contains(key), where(), ": does not fit the run: the string ", Quoted{key},
                         " is in the file and not in the run");
        reads_.finish();
    }

private:
    const Metadata& metadata() const { return reads_.header().metadata; }
    /// Of a matrix; of anything else 0×0, which then does not fit.
    std::pair<Index, Index> shape_in_file(const TensorInfo* tensor) const {
        const auto sizes = tensor ? sizes_of(*tensor, where()) : std::vector<Index>();
        return sizes.size() == 2 ? std::pair(sizes[0], sizes[1]) : std::pair(Index{0}, Index{0});
    }
    template <class T> void matrix(const std::string& name, Mat<T>& m, Index rows, Index cols) {
        check_place(name, &m);
        reads_.matrix(name, m, rows, cols);
    }
    /// Throws where the part is a variable of the function that visits it, as far as that can be seen.
    void check_place(const std::string& name, const void* part) const {
        const auto place = reinterpret_cast<std::uintptr_t>(part);
        const bool local = place > reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)) &&
                           place < reinterpret_cast<std::uintptr_t>(frame_);
        throw_unless(!local, where(), ": ", Quoted{name}, " is a variable of a function that is over before it is set");
    }
    template <class T, class Take>
    void want(const std::string& name, const void* part, std::initializer_list<Index> shape, Take take) {
        check_place(name, part);
        reads_.want<T>(name, {shape_text(shape)}, take);
    }

    TensorReads reads_;
    const void* frame_;
    std::set<std::string> texts_;
};

}  // namespace bptt::detail
