#pragma once

#include "bptt/autograd/tape.hpp"
#include "bptt/kernels/parts.hpp"

namespace bptt::detail {

/// Calls room(parts) twice: to count its parts, then to take them from the tape's scratch. They are valid until the next call
/// of Tape::scratch(). Computing a deferred operand makes such a call, so operands must have been computed before.
template <class T, class Room> auto take_scratch(Tape<T>& tape, const Room& room) {
    kernels::Parts<T> counted;
    room(counted);
    kernels::Parts<T> parts(tape.scratch(counted.size()));
    return room(parts);
}

}  // namespace bptt::detail
