#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>

/// By a function's name, as in "Linear::operator()" or, of a constructor, "Linear": the names of all its overloads' parameters.
using PublicApi = std::map<std::string, std::set<std::string>>;

/// Adds the functions that a piece of C++ declares at namespace scope or in a public section, but for those of a namespace
/// detail, destructors, and what is deleted or defaulted. It knows as much C++ as clang-formatted headers have.
void read_api(const std::string& code, PublicApi& api);

/// Of all headers in a folder, at any depth.
PublicApi read_api(const std::filesystem::path& folder);
