#pragma once

#include <cmath>
#include <functional>
#include <memory>
#include <sstream>
#include <string_view>

#include "bptt/io/load_options.hpp"
#include "bptt/io/tensor_list.hpp"

namespace bptt::detail {

/// f.operator()<From>() for the type that holds the numbers of such a dtype, if it is a floating-point one.
template <class F> void with_float_type(const Dtype& dtype, F f) {
    if (dtype.name == "F16")
        f.template operator()<Eigen::half>();
    else if (dtype.name == "BF16")
        f.template operator()<Eigen::bfloat16>();
    else if (dtype.name == "F32")
        f.template operator()<float>();
    else if (dtype.name == "F64")
        f.template operator()<double>();
}
inline bool is_float(const Dtype& dtype) {
    bool found = false;
    with_float_type(dtype, [&]<class From> { found = true; });
    return found;
}
template <class From, class T> T converted(From x) {
    if constexpr (sizeof(From) == 2)
        return static_cast<T>(static_cast<float>(x));
    else
        return static_cast<T>(x);
}

inline Index size_of(const TensorInfo& tensor) {
    return static_cast<Index>((tensor.end - tensor.begin) * 8 / tensor.dtype->bits);
}
/// The size_of(tensor) numbers of a tensor as T, in the file's order; of another type, too, where both are floating-point
/// ones. Throws where a finite number is too large for T.
template <Number T> void read_numbers(const InputFile& file, std::uint64_t data, const TensorInfo& tensor, T* numbers) {
    const auto count = static_cast<std::size_t>(size_of(tensor));
    const auto read = [&](auto* to) {
        file.read(data + tensor.begin, to, count * sizeof *to);
        swap_little_endian(to, count, sizeof *to);
    };
    if (tensor.dtype == dtype_of<T>()) {
        read(numbers);
    } else if constexpr (std::is_floating_point_v<T>) {
        with_float_type(*tensor.dtype, [&]<class From> {
            const std::unique_ptr<From[]> raw(new From[count]);
            read(raw.get());
            for (std::size_t k = 0; k < count; ++k) {
                numbers[k] = converted<From, T>(raw[k]);
                throw_unless(std::isfinite(numbers[k]) || !std::isfinite(converted<From, double>(raw[k])), file.where(), ": ",
                             Quoted{tensor.name}, " holds ", converted<From, double>(raw[k]), ", too large for ",
                             dtype_of<T>()->name);
            }
        });
    }
}

/// As a file may write a matrix's shape; a column or a row may have one dimension.
inline std::vector<std::string> vector_shapes(Index rows, Index cols) {
    std::vector<std::string> shapes{shape_text({rows, cols})};
    if (rows == 1 || cols == 1) shapes.push_back(shape_text({rows * cols}));
    return shapes;
}

/// Reads tensors of a file: first what is wanted of each, then all numbers; then, where nothing can fail any more, it puts them
/// in place.
class TensorReads {
public:
    /// `whole`: what is read, a model or a run.
    TensorReads(const InputFile& file, const SafetensorsHeader& header, std::string whole, LoadOptions options = {})
        : file_(file), header_(header), whole_(std::move(whole)), names_(std::move(options)) {}

    const InputFile& file() const { return file_; }
    const SafetensorsHeader& header() const { return header_; }
    const LoadOptions& options() const { return names_.options(); }
    /// What the file calls it.
    std::string file_name(std::string_view name) { return names_(name); }
    /// Throws where a name was to be another and never came.
    void check_renamed() const { names_.check_used(file_.where()); }
    /// The tensor that the file has for that name of the whole, or null.
    const TensorInfo* find(std::string_view name) {
        const auto found = std::ranges::find(header_.tensors, names_(name), &TensorInfo::name);
        return found == header_.tensors.end() ? nullptr : &*found;
    }

    /// Whether a tensor of the file can be read as that type, in one of these shapes.
    bool fits(const TensorInfo& tensor, const Dtype& dtype, const std::vector<std::string>& shapes) const {
        const bool may_convert = options().convert && is_float(*tensor.dtype) && is_float(dtype);
        return std::ranges::count(shapes, tensor.shape) > 0 && (tensor.dtype == &dtype || may_convert);
    }
    /// Whether a tensor has the prefix of what is read.
    bool has_prefix(const TensorInfo& tensor) const { return tensor.name.starts_with(options().prefix); }

    /// Once the tensor, of one of these shapes, has been read, take(its numbers, a std::shared_ptr<T[]>) may fail.
    template <Number T, class Take> void want(std::string_view name, std::vector<std::string> shapes, Take take) {
        const std::string there = names_(name);
        throw_unless(std::ranges::find(wanted_, there, &Wanted::name) == wanted_.end(), file_.where(),
                     ": two tensors are called ", Quoted{there});
        wanted_.push_back({there, std::move(shapes), dtype_of<T>(), nullptr, [this, take](const TensorInfo& tensor) {
                               std::shared_ptr<T[]> numbers(new T[static_cast<std::size_t>(size_of(tensor))]);
                               read_numbers(file_, header_.data, tensor, numbers.get());
                               take(numbers);
                           }});
    }
    /// A matrix that becomes m. A column or a row may have one dimension in the file where `vectors` says so.
    template <class T> void matrix(std::string_view name, Mat<T>& m, Index rows, Index cols, bool vectors = false) {
        want<T>(name, vectors ? vector_shapes(rows, cols) : std::vector{shape_text({rows, cols})},
                [this, &m, rows, cols](std::shared_ptr<T[]> numbers) {
                    using Values = Eigen::Map<const RowMajor<T>>;
                    if (m.rows() == rows && m.cols() == cols) {
                        finally([&m, numbers] { m = Values(numbers.get(), m.rows(), m.cols()); });
                    } else {
                        const auto fresh = std::make_shared<Mat<T>>(Values(numbers.get(), rows, cols));
                        finally([&m, fresh] { m.swap(*fresh); });
                    }
                });
    }
    /// What is done when nothing can fail any more.
    template <class F> void finally(F commit) { commits_.push_back(commit); }

    Loaded finish() {
        const Loaded loaded = match();
        for (const Wanted& w : wanted_)
            if (w.found) w.take(*w.found);
        for (const auto& commit : commits_) commit();
        return loaded;
    }

private:
    struct Wanted {
        std::string name;
        std::vector<std::string> shapes;
        const Dtype* dtype;
        const TensorInfo* found;
        std::function<void(const TensorInfo&)> take;

        std::string kind() const { return std::string(dtype->name) + ' ' + shapes.front(); }
    };

    /// Throws if the file does not fit; the message lists the first ten mismatches and the number of the others.
    Loaded match() {
        check_renamed();
        const bool partial = options().partial;
        std::map<std::string_view, Wanted*> by_name;
        for (Wanted& w : wanted_) by_name.emplace(w.name, &w);
        std::ostringstream wrong;
        int count = 0;
        const auto add = [&](const std::string& name, const std::string& how) {
            if (count++ < 10) wrong << (count > 1 ? "; " : "") << Quoted{name} << " is " << how;
        };
        Loaded loaded;
        for (const TensorInfo& t : header_.tensors) {
            const auto found = by_name.find(t.name);
            if (found == by_name.end()) {
                if (!has_prefix(t)) continue;
                if (partial)
                    loaded.unexpected.push_back(t.name);
                else
                    add(t.name, t.kind() + " in the file and not in the " + whole_);
                continue;
            }
            Wanted& w = *found->second;
            w.found = &t;
            if (fits(t, *w.dtype, w.shapes)) continue;
            const bool could = whole_ == "model" && is_float(*t.dtype) && is_float(*w.dtype) && t.dtype != w.dtype;
            add(t.name, t.kind() + " in the file and " + w.kind() + " in the " + whole_ +
                            (could && std::ranges::count(w.shapes, t.shape) > 0 ? " (.convert turns one into the other)" : ""));
        }
        for (const Wanted& w : wanted_)
            if (!w.found && partial)
                loaded.missing.push_back(w.name);
            else if (!w.found)
                add(w.name, w.kind() + " in the " + whole_ + " and not in the file");
        throw_unless(count == 0, file_.where(), ": does not fit the ", whole_, ": ", wrong.str(),
                     count > 10 ? "; and " + std::to_string(count - 10) + " more" : "");
        if (!wanted_.empty())
            throw_unless(loaded.missing.size() < wanted_.size(), file_.where(), ": it has nothing of the ", whole_,
                         "; the first tensor would be called ", Quoted{wanted_.front().name});
        return loaded;
    }

    const InputFile& file_;
    const SafetensorsHeader& header_;
    std::string whole_;
    FileNames names_;
    std::vector<Wanted> wanted_;
    std::vector<std::function<void()>> commits_;
};

}  // namespace bptt::detail
