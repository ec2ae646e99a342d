#include "viewer/aggregate/symbolizer.h"

#include <cstdio>

#include "viewer/aggregate/demangle.h"

namespace hotroute::viewer {
namespace {

std::string BaseName(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

std::string HexOffset(uint64_t offset) {
  char text[24];
  std::snprintf(text, sizeof text, "+0x%llx", static_cast<unsigned long long>(offset));
  return text;
}

// Unique while module numbers stay below 2^24 and code below 2^40 bytes, as both do by far.
uint64_t FunctionKey(ModuleId module, uint64_t start) {
  return static_cast<uint64_t>(module.value()) << 40 ^ start;
}

}  // namespace

bool IsPlaceholderModule(const std::string& path) {
  return path.empty() || path == "[lost]" || path == "[unknown]";
}

uint32_t Symbolizer::FrameOfLocation(LocationId location) {
  if (location.value() >= frame_of_location_.size()) {
    frame_of_location_.resize(stacks_.location_count() + 1);
  }
  uint32_t& known = frame_of_location_[location.value()];
  if (known == 0) known = Intern(Resolve(location)) + 1;
  return known - 1;
}

std::string Symbolizer::MangledName(LocationId id) const {
  const store::Location& location = stacks_.location(id);
  const std::optional<store::Symbol> symbol =
      lookup_(stacks_.module(location.module), location.offset);
  return symbol ? std::string(symbol->mangled_name) : std::string();
}

Frame Symbolizer::Resolve(LocationId id) {
  const store::Location& location = stacks_.location(id);
  const store::Module& module = stacks_.module(location.module);
  if (IsPlaceholderModule(module.path)) {
    return {.function = module.path.empty() ? "[unknown]" : module.path,
            .module = "",
            .file = "",
            .line = 0};
  }
  const std::string name = BaseName(module.path);
  const std::optional<store::Symbol> symbol = lookup_(module, location.offset);
  if (!symbol)
    return {.function = name + HexOffset(location.offset), .module = name, .file = "", .line = 0};
  const auto [entry, fresh] = functions_.try_emplace(FunctionKey(location.module, symbol->start));
  if (fresh) {
    SourceLine source = lines_.Find(module, symbol->start);
    entry->second = {.function = DisplayName(symbol->mangled_name),
                     .module = name,
                     .file = std::move(source.file),
                     .line = source.line};
  }
  return entry->second;
}

uint32_t Symbolizer::Intern(Frame frame) {
  const std::string key =
      frame.function + '\0' + frame.module + '\0' + frame.file + '\0' + std::to_string(frame.line);
  const auto [entry, fresh] = frame_ids_.try_emplace(key, static_cast<uint32_t>(frames_.size()));
  if (fresh) frames_.push_back(std::move(frame));
  return entry->second;
}

}  // namespace hotroute::viewer
