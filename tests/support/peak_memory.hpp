#pragma once

#include <functional>

/// By how many bytes what malloc has given out rises while f runs. Zero where it cannot be counted: under ASan, or without
/// glibc.
long peak_memory(const std::function<void()>& f);
