// Macros that other people's headers define; they come after the standard library and Eigen, which some of them would break.
#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <concepts>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iomanip>
#include <locale>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <random>
#include <ranges>
#include <span>
#include <sstream>
#include <thread>
#include <tuple>
#include <vector>

#include <Eigen/Core>

#define min(a, b) (((a) < (b)) ? (a) : (b))  // windows.h
#define max(a, b) (((a) > (b)) ? (a) : (b))
#define near
#define far
#define small char
#define interface struct
#define IN
#define OUT
#define ERROR 0
#define DELETE (0x00010000L)
#define check(x) static_cast<void>(x)  // Apple's AssertMacros.h
#define verify(x) static_cast<void>(x)
#define require(x, label) goto label
#define CHECK(x) static_cast<void>(x)
#define I _Complex_I  // complex.h

#include <bptt/bptt.hpp>
