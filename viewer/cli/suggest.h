// The nearest of several words, for "did you mean".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hotroute::viewer {

// Insertions, deletions and replacements of a character that turn `a` into `b` (Levenshtein 1966).
size_t EditDistance(std::string_view a, std::string_view b);

// The word with the least distance, the first of equals; empty when even that is further away than
// half the length of `wanted`, rounded up.
std::optional<std::string> Nearest(std::string_view wanted, const std::vector<std::string>& words);

}  // namespace hotroute::viewer
