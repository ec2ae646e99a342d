// UTF-8: what names from symbol tables, labels and other people's programs must be before they go
// into a text format.
//
// In: any bytes. Out: valid UTF-8, at least as many characters as there were valid ones.
#pragma once

#include <string>
#include <string_view>

namespace hotroute {

// `bytes` with each maximal invalid part (overlong forms, surrogates and values above U+10FFFF
// included) replaced by one U+FFFD. Thread-safe.
std::string ToValidUtf8(std::string_view bytes);

// `text`, or its longest beginning of at most `limit` bytes that does not end inside a UTF-8
// sequence. Bytes that are no UTF-8 are cut at the limit. Thread-safe.
std::string_view CutUtf8(std::string_view text, size_t limit);

}  // namespace hotroute
