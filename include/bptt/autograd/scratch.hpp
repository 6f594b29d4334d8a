#pragma once

#include "bptt/autograd/tape.hpp"
#include "bptt/kernels/parts.hpp"

namespace bptt::detail {

/// What room(parts) gives, with parts of the tape's scratch. It is valid until the next call of Tape::scratch().
template <class T, class Room> auto take_scratch(Tape<T>& tape, const Room& room) {
    kernels::Parts<T> counted;
    room(counted);
    kernels::Parts<T> parts(tape.scratch(counted.size()));
    return room(parts);
}

}  // namespace bptt::detail
