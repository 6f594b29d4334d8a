#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "bptt/autograd/visits.hpp"

namespace bptt::detail {

/// What is remembered of each parameter of one model: `count` matrices of its shape, zero at first, by its name.
template <class T, std::size_t count> class Moments {
public:
    struct Entry {
        std::array<Mat<T>, count> matrices;
        std::int64_t visit;           // the last call of missing() that met it
        const void* place = nullptr;  // of the parameter and its first number, as the last step left them
        T value = 0;
    };
    using ByName = std::map<std::string, Entry, std::less<>>;

    /// Zeros for what the model has and these do not. Throws, and nothing has changed, unless check(name, parameter) passes for
    /// all parameters, and names and shapes are those of the one model. `who` is named in errors.
    template <class M, class Check> ByName missing(const char* who, const M& model, Check check) {
        if (visits_ == 0) check_visits(who, model);
        ByName fresh;
        ++visits_;
        for_each_distinct_param(model, [&](std::string_view name, const auto& p) {
            static_assert(std::is_same_v<decltype(p), const Param<T>&>, "its scalar is not the model's");
            check(name, p);
            const auto known = known_.find(name);
            const bool again = known == known_.end() ? fresh.contains(name) : known->second.visit == visits_;
            throw_unless(!again, who, ": two parameters are named ", name);
            if (known != known_.end()) {
                const Mat<T>& m = known->second.matrices.front();
                throw_unless(shape(m) == shape(p.value), who, ": ", name, " is ", shape(p.value), ", it was ", shape(m),
                             "; one ", who, " serves one model");
                known->second.visit = visits_;
            } else {
                std::array<Mat<T>, count> zeros;
                zeros.fill(Mat<T>::Zero(p.rows(), p.cols()));
                fresh.emplace(name, Entry{std::move(zeros), visits_});
            }
        });
        for (const auto& [name, entry] : known_)
            throw_unless(entry.visit == visits_, who, ": the model has no ", name, " any more; one ", who, " serves one model");
        return fresh;
    }
    void add(ByName fresh) { known_.merge(fresh); }

    /// Of a parameter that was added.
    Entry& operator[](std::string_view name) { return known_.find(name)->second; }
    const ByName& all() const { return known_; }

private:
    ByName known_;
    std::int64_t visits_ = 0;
};

}  // namespace bptt::detail
