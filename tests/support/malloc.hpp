#pragma once

#include <functional>

#include "bptt/core/instruction_set.hpp"

// malloc itself, which operator new and Eigen end in, is counted and can be made to fail in the programs that malloc.cpp is a
// part of; not under ASan or valgrind, which have their own, nor without glibc.
#if defined(__GLIBC__) && !defined(BPTT_ADDRESS_SANITIZER) && !defined(BPTT_FOREIGN_MALLOC)
#define BPTT_OWN_MALLOC 1
#endif

/// Allocations so far. Always zero without BPTT_OWN_MALLOC.
long allocations();

/// By how many bytes what malloc has given out rises while f runs. Always zero without BPTT_OWN_MALLOC.
long peak_memory(const std::function<void()>& f);

enum class Fails { once, from_then_on };
enum class Ending { not_reached, survived, bad_alloc };

/// f() with its n-th allocation failing, from 1, and those after it too if `fails` says so. not_reached: f made fewer;
/// survived: f did without. Anything thrown but std::bad_alloc comes out.
Ending with_failing_allocation(long n, Fails fails, const std::function<void()>& f);
