// Macros that other people's headers define, here as what compiles nowhere, so that each use is an error. They come after the
// standard library and Eigen, which some of them would break.
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

#define min(a, b) @  // windows.h
#define max(a, b) @
#define near @
#define far @
#define small @
#define hyper @
#define interface @
#define IN @
#define OUT @
#define ERROR @
#define DELETE @
#define check(x) @  // Apple's AssertMacros.h
#define verify(x) @
#define require(x, label) @
#define CHECK(x) @  // glog
#define I @         // complex.h

#include <bptt/bptt.hpp>
