// Command-line flags of the shop and its load generator: `--name value`, numbers and texts with
// defaults.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace ticketshop {

struct Flag {
  std::string name;           // without the dashes
  std::string default_value;  // empty: no default
  std::string help;
};

// Thread-compatible.
class Flags {
 public:
  Flags(std::string program, std::string purpose, std::vector<Flag> known);

  // Prints the help or the mistake when the program should not run.
  enum class Outcome { kRun, kHelpShown, kMistake };
  Outcome Parse(int argc, char** argv);

  const std::string& Text(const std::string& name) const { return values_.at(name); }
  double Number(const std::string& name) const { return numbers_.at(name); }

 private:
  bool Set(const std::string& name, const std::string& value);
  void PrintHelp() const;

  const std::string program_;
  const std::string purpose_;
  const std::vector<Flag> known_;
  std::map<std::string, std::string> values_;
  std::map<std::string, double> numbers_;  // those values whose default is a number
};

}  // namespace ticketshop
