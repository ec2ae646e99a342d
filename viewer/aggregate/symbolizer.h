// From locations to what people read: each node of the stack table becomes a Frame, equal frames
// become one.
//
// In: the stack table, a look-up of symbols, debug information where there is some. Out: indices
// into frames(), the same index for everything that is shown alike. A location is resolved at its
// first use only.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "store/stack_table.h"
#include "store/symbols.h"
#include "viewer/aggregate/call_tree.h"
#include "viewer/aggregate/source_lines.h"

namespace hotroute::viewer {

// The function of a module that holds an offset; store::SymbolStore::Lookup for a data directory.
using SymbolLookup =
    std::function<std::optional<store::Symbol>(const store::Module& module, uint64_t offset)>;

// "[lost]" for stacks whose definition was damaged, "[unknown]" for code of no file: shown as they
// are.
bool IsPlaceholderModule(const std::string& path);

// Thread-compatible. `stacks` may grow meanwhile.
class Symbolizer {
 public:
  Symbolizer(const store::StackTable& stacks, SymbolLookup lookup)
      : stacks_(stacks), lookup_(std::move(lookup)) {}

  // Index into frames(). Requires: `node` is not the root.
  uint32_t FrameOf(NodeId node) { return FrameOfLocation(stacks_.location_of(node)); }
  uint32_t FrameOfLocation(LocationId location);
  // As the symbol table has it; "" where there is no symbol.
  std::string MangledName(LocationId location) const;

  const std::vector<Frame>& frames() const { return frames_; }
  const store::StackTable& stacks() const { return stacks_; }

 private:
  Frame Resolve(LocationId location);
  uint32_t Intern(Frame frame);

  const store::StackTable& stacks_;
  const SymbolLookup lookup_;
  SourceLines lines_;
  std::vector<uint32_t> frame_of_location_;  // 0: not resolved, else index + 1
  std::vector<Frame> frames_;
  std::unordered_map<std::string, uint32_t> frame_ids_;  // by all that is shown
  std::unordered_map<uint64_t, Frame> functions_;        // by module and start
};

}  // namespace hotroute::viewer
