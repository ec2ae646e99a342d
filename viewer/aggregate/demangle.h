// Names of functions for people: demangled, without return type and parameters, inner template
// arguments folded.
#pragma once

#include <string>
#include <string_view>

namespace hotroute::viewer {

// "_ZN4shop6Loader4loadERKSs" -> "shop::Loader::load". What is not a C++ name comes back as it is.
std::string DisplayName(std::string_view mangled);

// The second half, for a name already demangled:
// "int std::map<int, std::vector<int> >::at(int const&) const" -> "std::map<int,
// std::vector<...>>::at".
std::string ShortenDemangled(std::string_view name);

}  // namespace hotroute::viewer
