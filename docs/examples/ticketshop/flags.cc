#include "ticketshop/flags.h"

#include <algorithm>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <optional>
#include <utility>

namespace ticketshop {
namespace {

// A finite number of 0 or more.
std::optional<double> ParseNumber(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !(value >= 0 && value < 1e18)) return std::nullopt;
  return value;
}

}  // namespace

Flags::Flags(std::string program, std::string purpose, std::vector<Flag> known)
    : program_(std::move(program)), purpose_(std::move(purpose)), known_(std::move(known)) {
  for (const Flag& flag : known_) {
    values_[flag.name] = flag.default_value;
    if (const auto number = ParseNumber(flag.default_value)) numbers_[flag.name] = *number;
  }
}

bool Flags::Set(const std::string& name, const std::string& value) {
  const auto is_named = [&](const Flag& flag) { return flag.name == name; };
  if (std::none_of(known_.begin(), known_.end(), is_named)) {
    std::cerr << program_ << ": unknown flag --" << name << "; see --help\n";
    return false;
  }
  values_[name] = value;
  if (numbers_.count(name) == 0) return true;
  const auto number = ParseNumber(value);
  if (!number) {
    std::cerr << program_ << ": --" << name << " \"" << value
              << "\" is not a number of 0 or more\n";
    return false;
  }
  numbers_[name] = *number;
  return true;
}

Flags::Outcome Flags::Parse(int argc, char** argv) {
  for (int i = 1; i < argc; i += 2) {
    const std::string argument = argv[i];
    if (argument == "--help" || argument == "-h") {
      PrintHelp();
      return Outcome::kHelpShown;
    }
    if (argument.rfind("--", 0) != 0 || i + 1 == argc) {
      std::cerr << program_ << ": flags are written --name value, not \"" << argument
                << "\"; see --help\n";
      return Outcome::kMistake;
    }
    if (!Set(argument.substr(2), argv[i + 1])) return Outcome::kMistake;
  }
  return Outcome::kRun;
}

void Flags::PrintHelp() const {
  std::cout << "Usage: " << program_ << " [--flag value]...\n" << purpose_ << "\n\n";
  for (const Flag& flag : known_) {
    std::cout << "  --" << std::left << std::setw(16) << flag.name << flag.help;
    if (!flag.default_value.empty()) std::cout << " (default " << flag.default_value << ")";
    std::cout << "\n";
  }
}

}  // namespace ticketshop
