#include "viewer/cli/help.h"

#include <algorithm>

#include "viewer/cli/arguments.h"

namespace hotroute::viewer {
namespace {

constexpr size_t kIndent = 2;

// "--output, -o FILE".
std::string Spelling(const Flag& flag) {
  const size_t comma = flag.name.find(',');
  std::string text = "--" + std::string(flag.name.substr(0, comma));
  if (comma != std::string_view::npos) text += ", -" + std::string(flag.name.substr(comma + 1));
  if (!flag.value.empty()) text += " " + std::string(flag.value);
  return text;
}

// Two columns, the first as wide as its widest text.
std::string Columns(const std::vector<std::pair<std::string, std::string>>& lines) {
  size_t width = 0;
  for (const auto& [left, right] : lines) width = std::max(width, left.size());
  std::string text;
  for (const auto& [left, right] : lines) {
    text += std::string(kIndent, ' ') + left + std::string(width - left.size() + kIndent, ' ') +
            right + "\n";
  }
  return text;
}

}  // namespace

std::string ProgramHelp(const std::vector<const Command*>& commands) {
  std::vector<std::pair<std::string, std::string>> lines;
  for (const Command* command : commands) {
    const CommandInfo& info = command->info();
    lines.emplace_back(
        std::string(info.name) + (info.operand.empty() ? "" : " " + std::string(info.operand)),
        info.summary);
  }
  lines.emplace_back("help COMMAND", "flags and an example of one command");
  return "hotroute: where the time of production requests goes, by route\n\n"
         "usage: hotroute COMMAND [URL] [flags]\n\n" +
         Columns(lines) +
         "\nThe data directory is --data-dir DIR or $HOTROUTE_DATA_DIR. URL is a url_name or "
         "task_name.\n"
         "Exit codes: 0 done, 1 a finding (verify), 2 usage or I/O.\n";
}

std::string CommandHelp(const CommandInfo& info) {
  std::vector<std::pair<std::string, std::string>> lines;
  for (const Flag& flag : FlagsOf(info)) {
    lines.emplace_back(Spelling(flag),
                       std::string(flag.help) + (flag.repeatable ? "; may be repeated" : ""));
  }
  return "usage: hotroute " + std::string(info.name) +
         (info.operand.empty() ? "" : " " + std::string(info.operand)) + " [flags]\n\n" +
         std::string(info.summary) + "\n\n" + std::string(info.help) + "\n\nexample: hotroute " +
         std::string(info.example) + "\n\n" + Columns(lines);
}

}  // namespace hotroute::viewer
