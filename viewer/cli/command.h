// What a command of `hotroute` is: data that help is printed from, and one function.
//
// In: parsed arguments and the surroundings. Out: text or JSON on `out`, and the exit code. A
// failure is a Status whose one line says what to do; only main() prints it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "store/profile_source.h"
#include "viewer/aggregate/symbolizer.h"

namespace hotroute::viewer {

class Arguments;

inline constexpr int kExitDone = 0;
inline constexpr int kExitFinding = 1;  // the command worked and found what it looks for
inline constexpr int kExitFailure = 2;  // usage or I/O

struct Flag {
  std::string_view name;   // without dashes; a second, short name may follow a comma: "output,o"
  std::string_view value;  // what to write, for help; empty for a switch
  std::string_view help;
  bool repeatable = false;
};

// A data directory that was opened for questions.
struct OpenedData {
  std::unique_ptr<store::ProfileSource> source;
  SymbolLookup symbols;
  // One line per damaged place of the symbol files met so far.
  std::function<std::vector<std::string>()> symbol_damage;
};

// All that a command may touch besides its arguments. Thread-compatible.
struct Environment {
  std::ostream& out;
  bool color = false;
  size_t width = 80;             // columns of the terminal
  int64_t now_us = 0;            // Unix time, what --since counts back from
  std::string default_data_dir;  // HOTROUTE_DATA_DIR; empty when not set
  std::function<Result<OpenedData>(const std::string& data_dir)> open;
};

struct CommandInfo {
  std::string_view name;
  std::string_view summary;      // one line
  std::string_view operand;      // "URL", "ID" or empty: what must stand behind the name
  bool reads_data = true;        // takes --data-dir
  bool asks_population = false;  // takes the conditions of population_parser.h
  std::span<const Flag> flags;   // its own, besides those
  std::string_view help;         // what it answers and how to read it
  std::string_view example;      // without the program's name
};

// Thread-safe: commands have no state.
class Command {
 public:
  virtual ~Command() = default;
  virtual const CommandInfo& info() const = 0;
  // The exit code.
  virtual Result<int> Run(const Arguments& arguments, Environment& environment) const = 0;
};

}  // namespace hotroute::viewer
