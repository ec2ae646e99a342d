// The arguments of one command, checked against its flag table. Boost.Program_options does the
// parsing.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "viewer/cli/command.h"

namespace hotroute::viewer {

// Every flag that `info` takes: its own, the population's (without those it has a meaning of its
// own for, as `export --to` has), then those of all commands.
std::vector<Flag> FlagsOf(const CommandInfo& info);

// Thread-compatible.
class Arguments {
 public:
  // `words` is what stands behind the command's name. kInvalidArgument for unknown flags
  // (suggesting the nearest), missing or surplus values, a missing or surplus operand.
  static Result<Arguments> Parse(const CommandInfo& info, const std::vector<std::string>& words);

  // "URL" or "ID"; empty for commands without one, and when only help is wanted.
  const std::string& operand() const { return operand_; }
  bool Has(std::string_view flag) const { return values_.find(flag) != values_.end(); }
  std::optional<std::string> Get(std::string_view flag) const;
  // In the order given.
  std::vector<std::string> All(std::string_view flag) const;
  // The population's flags that this command takes: all but those it has a meaning of its own for.
  const std::vector<std::string>& condition_flags() const { return condition_flags_; }
  // --format json. Checked by Parse().
  bool json() const { return Get("format") == "json"; }
  // --limit, or `otherwise` when not given; 0 means all.
  Result<size_t> Limit(size_t otherwise) const;

 private:
  std::string operand_;
  std::vector<std::string> condition_flags_;
  std::map<std::string, std::vector<std::string>, std::less<>> values_;  // by long name
};

}  // namespace hotroute::viewer
