// Names and titles made safe to show: nothing invisible, nothing that is markup.
#pragma once

#include <string>
#include <string_view>

namespace hotroute::viewer {

// `text` as valid UTF-8 in which control characters, line breaks and the marks that reverse the
// direction of what follows (a name could pass for another by them) are U+FFFD. Letters of
// right-to-left scripts stay. Thread-safe.
std::string VisibleText(std::string_view text);

// `text` with & < > " ' escaped for HTML and XML. Thread-safe.
std::string EscapeMarkup(std::string_view text);

}  // namespace hotroute::viewer
