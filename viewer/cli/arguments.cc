#include "viewer/cli/arguments.h"

#include <algorithm>
#include <boost/program_options.hpp>
#include <charconv>

#include "viewer/aggregate/population_parser.h"
#include "viewer/cli/suggest.h"

namespace hotroute::viewer {
namespace {

namespace po = boost::program_options;

constexpr char kOperand[] = "operand";
constexpr Flag kDataDir = {"data-dir", "DIR", "the data directory; default: $HOTROUTE_DATA_DIR"};
constexpr Flag kFormat = {"format", "FORMAT", "text (default) or json"};
constexpr Flag kHelp = {"help,h", "", "what this command does, with an example"};

std::string LongName(std::string_view name) { return std::string(name.substr(0, name.find(','))); }

po::options_description Describe(const std::vector<Flag>& flags) {
  po::options_description description;
  for (const Flag& flag : flags) {
    const std::string name(flag.name);
    if (flag.value.empty()) {
      description.add_options()(name.c_str(), "");
    } else {
      description.add_options()(name.c_str(), po::value<std::vector<std::string>>()->composing(),
                                "");
    }
  }
  description.add_options()(kOperand, po::value<std::vector<std::string>>(), "");
  return description;
}

std::vector<PopulationFlag> ConditionsOf(const CommandInfo& info) {
  std::vector<PopulationFlag> conditions;
  if (!info.asks_population) return conditions;
  for (const PopulationFlag& flag : PopulationFlags()) {
    const bool taken = std::any_of(info.flags.begin(), info.flags.end(), [&](const Flag& own) {
      return LongName(own.name) == flag.name;
    });
    if (!taken) conditions.push_back(flag);
  }
  return conditions;
}

Status UnknownFlag(const CommandInfo& info, const std::string& word) {
  const std::string given = word.substr(0, word.find('='));
  std::vector<std::string> known;
  for (const Flag& flag : FlagsOf(info)) known.push_back("--" + LongName(flag.name));
  const std::optional<std::string> nearest = Nearest(given, known);
  return InvalidArgument("unknown flag " + given +
                         (nearest ? "; did you mean " + *nearest + "?" : "") + " `hotroute help " +
                         std::string(info.name) + "` lists the flags");
}

// Boost's exceptions stop here.
Status FromBoost(const CommandInfo& info, const po::error& error) {
  if (const auto* unknown = dynamic_cast<const po::unknown_option*>(&error)) {
    return UnknownFlag(info, unknown->get_option_name());
  }
  return InvalidArgument(std::string(error.what()) + "; `hotroute help " + std::string(info.name) +
                         "` lists the flags");
}

Status CheckOperand(const CommandInfo& info, const std::vector<std::string>& operands) {
  const std::string name(info.name);
  if (info.operand.empty()) {
    if (operands.empty()) return Status();
    return InvalidArgument("'" + operands[0] + "' is one word too many; `hotroute " + name +
                           "` takes flags only, see `hotroute help " + name + "`");
  }
  if (operands.size() == 1) return Status();
  if (operands.empty()) {
    return InvalidArgument("`hotroute " + name + "` needs " + std::string(info.operand) +
                           ", as in `hotroute " + std::string(info.example) + "`");
  }
  return InvalidArgument("'" + operands[1] + "' is one word too many; `hotroute " + name +
                         "` takes one " + std::string(info.operand));
}

}  // namespace

std::vector<Flag> FlagsOf(const CommandInfo& info) {
  std::vector<Flag> flags(info.flags.begin(), info.flags.end());
  for (const PopulationFlag& flag : ConditionsOf(info)) {
    flags.push_back({flag.name, flag.value, flag.help, flag.repeatable});
  }
  if (info.reads_data) flags.push_back(kDataDir);
  flags.push_back(kFormat);
  flags.push_back(kHelp);
  return flags;
}

Result<Arguments> Arguments::Parse(const CommandInfo& info, const std::vector<std::string>& words) {
  const std::vector<Flag> flags = FlagsOf(info);
  Arguments arguments;
  for (const PopulationFlag& flag : ConditionsOf(info)) {
    arguments.condition_flags_.emplace_back(flag.name);
  }
  std::vector<std::string> operands;
  try {
    po::positional_options_description positional;
    positional.add(kOperand, -1);
    const po::options_description description = Describe(flags);
    // No guessing of shortened flags: what works today must mean the same when a flag is added.
    const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    const po::parsed_options parsed = po::command_line_parser(words)
                                          .options(description)
                                          .positional(positional)
                                          .style(style)
                                          .run();
    po::variables_map checked;
    po::store(parsed, checked);
    for (const po::option& option : parsed.options) {
      std::vector<std::string>& values =
          option.string_key == kOperand ? operands : arguments.values_[option.string_key];
      values.insert(values.end(), option.value.begin(), option.value.end());
    }
  } catch (const po::error& error) {
    return FromBoost(info, error);
  }
  if (arguments.Has("help")) return arguments;
  for (const Flag& flag : flags) {
    if (!flag.repeatable && arguments.All(LongName(flag.name)).size() > 1) {
      return InvalidArgument("--" + LongName(flag.name) + " is given twice; keep one");
    }
  }
  const std::string format = arguments.Get("format").value_or("text");
  if (format != "text" && format != "json") {
    return InvalidArgument("format '" + format + "' is not text or json");
  }
  HOTROUTE_RETURN_IF_ERROR(CheckOperand(info, operands));
  if (!operands.empty()) arguments.operand_ = operands[0];
  return arguments;
}

std::optional<std::string> Arguments::Get(std::string_view flag) const {
  const auto found = values_.find(flag);
  if (found == values_.end() || found->second.empty()) return std::nullopt;
  return found->second.front();
}

std::vector<std::string> Arguments::All(std::string_view flag) const {
  const auto found = values_.find(flag);
  return found == values_.end() ? std::vector<std::string>() : found->second;
}

Result<size_t> Arguments::Limit(size_t otherwise) const {
  const std::optional<std::string> text = Get("limit");
  if (!text) return otherwise;
  size_t limit = 0;
  const auto [stop, error] = std::from_chars(text->data(), text->data() + text->size(), limit);
  if (error != std::errc() || stop != text->data() + text->size()) {
    return InvalidArgument("limit '" + *text + "' is not a whole number; 0 shows all");
  }
  return limit;
}

}  // namespace hotroute::viewer
