#pragma once

#include "bptt/autograd/tape.hpp"
#include "bptt/kernels/parts.hpp"

namespace bptt::detail {

/// Calls room(parts) twice: to count its parts, and to hand out the tape's scratch. What it returns is invalid after the next
/// call of Tape::scratch(); computing a deferred operand is one, so operands are looked at before.
template <class T, class Room> auto take_scratch(Tape<T>& tape, const Room& room) {
    kernels::Parts<T> counted;
    room(counted);
    kernels::Parts<T> parts(tape.scratch(counted.size()));
    return room(parts);
}

}  // namespace bptt::detail
