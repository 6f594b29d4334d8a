#pragma once

#include <array>
#include <string_view>

#include "bptt/cells/cell.hpp"
#include "bptt/kernels/recurrence.hpp"

namespace bptt {

/// The kernel of a cell that has one, as `type`. A cell that derives from it has none: its step() may be another.
template <class C> struct KernelOf;

/// A cell with a kernel, which runs a whole sequence as one step of the tape: those of this library.
template <class C>
concept FusedCell = Cell<C> && requires {
    typename KernelOf<C>::type;
};

namespace detail {

template <class T> struct ProjectedInput { Var<T> x; };
template <class T> struct TableInput {
    Var<T> table;
    const Index* tokens;
};
/// x: features × columns. With tokens it is a table, Wx's rows × classes, whose column tokens[k] is W_x x of column k.
template <class T> struct FusedInput {
    Var<T> x;
    const Layout* layout;
    bool reversed;
    const Index* tokens = nullptr;
};

/// Throws unless all parameters have the shapes that the kernel reads.
template <FusedCell C> void check_params(const C& cell) {
    using K = typename KernelOf<C>::type;
    const Index H = cell.units();
    C::params(cell, [&](std::string_view name, const auto& p) {
        const bool extra = name != "Wx" && name != "Wh" && name != "b";
        const Index columns = name == "Wx" ? cell.inputs() : name == "Wh" ? H : extra ? K::extra_columns(H) : 1;
        const Shape expected{extra ? H : K::gates * H, columns};
        throw_unless(shape(p) == expected, "unroll: the cell's ", name, " is ", shape(p), ", not ", expected, ", as Wh is ",
                     shape(cell.Wh));
    });
}

/// The same values and gradients as unroll_steps(), in one step of the tape.
template <FusedCell C, class T = typename C::Scalar>
StateOf<C, Sequence<T>> unroll_fused(const C& cell, const FusedInput<std::type_identity_t<T>>& in, StateOf<C, Var<T>> s0) {
    using K = typename KernelOf<C>::type;
    using namespace kernels;
    check_params(cell);
    const Layout& l = *in.layout;
    auto& tape = in.x.tape();
    const Index H = cell.units(), columns = l.columns();
    const auto Wx = tape.watch(cell.Wx), Wh = tape.watch(cell.Wh), b = tape.watch(cell.b);
    Extra<Var<T>> extra;
    Trace<T> s{};
    for (std::size_t k = 0; k < extra.size(); ++k)
        if (const Param<T>* const p = cell.extra_params()[k]) {
            extra[k] = tape.watch(*p);
            s.extra[k] = extra[k].value().data();
        }

    const auto start = map_state(s0, [&](const Var<T>& v) { return to_inside_order(v, l); });
    const auto make = [&](T*& data) {
        auto [v, value] = tape.make(H, columns, Wh.tracked());
        data = value.data();
        return v;
    };
    s.units = H;
    const Var<T> h = make(s.h);
    Var<T> c;
    s.h0 = start.h.value().data();
    if constexpr (K::memory) {
        c = make(s.c);
        s.c0 = start.c.value().data();
    }
    s.z_stride = spread<T>(K::Z * H), s.stride = spread<T>(H), s.single = l.batch == 1;
    s.z = tape.template buffer<T>(s.z_stride * columns);
    s.kept = tape.template buffer<T>(K::kept * H * columns);
    for (T** const field : {&s.state, &s.work}) *field = tape.template buffer<T>(s.stride * l.batch);
    T* const packed = tape.template buffer<T>(K::pack_size(H));
    K::pack(H, Wh.value().data(), s.extra, packed);
    s.packed = packed;

    Inflow<T> inflow{Wx.rows(), 0, b.value().data(), in.x.value().data(), nullptr, nullptr, nullptr, in.tokens};
    if (in.tokens) {
        inflow.table = inflow.x;
    } else {
        inflow.features = Wx.cols();
        T* const Wx_packed = tape.template buffer<T>(packed_size<T>(Wx.rows(), Wx.cols()));
        pack(Wx.value().data(), 1, Wx.rows(), Wx.rows(), Wx.cols(), Wx_packed);
        inflow.Wx = Wx_packed;
    }
    if (h.tracked()) {  // all memory of the backward pass
        const Index threads = shard_count(l, thread_count(tape.threads()));
        T* const packed_back = tape.template buffer<T>(K::pack_back_size(H));
        T* const Wx_back = tape.template buffer<T>(in.tokens ? 0 : packed_size<T>(Wx.cols(), Wx.rows()));
        Index* const before = tape.template buffer<Index>(columns);
        T* const scratch = tape.template buffer<T>(threads * outer_scratch<T>);
        for (T** const field : {&s.carry_h, &s.carry_c}) *field = tape.template buffer<T>(s.stride * l.batch);
        tape.on_backward([=, &tape]() mutable {
            if (!h.reached() && (c.empty() || !c.reached())) return;
            s.dh = h.reached() ? gradient_data(h) : nullptr;
            s.dc = !c.empty() && c.reached() ? gradient_data(c) : nullptr;
            K::pack_back(H, Wh.value().data(), s.extra, packed_back);
            s.packed_back = packed_back;
            Gradients<T> g{nullptr, gradient_data(Wh), gradient_data(b), nullptr, nullptr, {}};
            for (std::size_t k = 0; k < extra.size(); ++k) g.extra[k] = gradient_data(extra[k]);
            if (in.tokens) {
                g.table = gradient_data(in.x);
            } else {
                g.Wx = gradient_data(Wx);
                g.x = gradient_data(in.x);
                pack(Wx.value().data(), Wx.rows(), 1, Wx.cols(), Wx.rows(), Wx_back);
                inflow.Wx_back = Wx_back;
            }
            backward<K>(s, inflow, g, l, in.reversed, before, scratch, tape.threads());
            using Map = Eigen::Map<const Mat<T>, 0, Eigen::OuterStride<>>;
            const Eigen::OuterStride<> stride(s.stride);
            start.h.accumulate(Map(s.carry_h, H, l.batch, stride));
            if constexpr (K::memory) start.c.accumulate(Map(s.carry_c, H, l.batch, stride));
        });
    }
    kernels::forward<K>(s, inflow, l, in.reversed, tape.threads());

    const auto trajectory = [&](Var<T> all, Var<T> first) { return Sequence<T>{all, in.layout, first, in.reversed}; };
    if constexpr (K::memory)
        return {trajectory(h, s0.h), trajectory(c, s0.c)};
    else
        return {trajectory(h, s0.h)};
}
template <FusedCell C, class Input, class T = typename C::Scalar>
StateOf<C, Sequence<T>> unroll_fused(const C& cell, const Input& in, const Layout* layout, bool reversed,
                                     const StateOf<C, Var<T>>& s0) {
    if constexpr (requires { in.table; })
        return unroll_fused(cell, {in.table, layout, reversed, in.tokens}, s0);
    else
        return unroll_fused(cell, {in.x, layout, reversed}, s0);
}

}  // namespace detail

}  // namespace bptt
