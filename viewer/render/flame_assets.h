// The files of assets/ as the build embedded them (assets/embed.cmake).
#pragma once

#include <string_view>

namespace hotroute::viewer {

extern const std::string_view kFlamePage;  // HTML with @MARKERS@ for the rest
extern const std::string_view kFlameScript;
extern const std::string_view
    kFlameScriptHash;  // base64 of SHA-256, for the Content-Security-Policy
extern const std::string_view kFlameStyle;
extern const std::string_view kFlameStyleHash;

}  // namespace hotroute::viewer
