// The `hotroute` process: the only place of the viewer that looks at the environment and prints
// errors.
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "store/store.h"
#include "store/symbols.h"
#include "viewer/cli/program.h"
#include "viewer/render/text.h"

namespace hotroute::viewer {
namespace {

// Of a pipe or a file, and of terminals that say less.
constexpr size_t kLeastWidth = 80;

Result<OpenedData> OpenDirectory(const std::string& data_dir) {
  HOTROUTE_ASSIGN_OR_RETURN(std::unique_ptr<store::Store> store, store::Store::Open(data_dir));
  const auto symbols = std::make_shared<store::SymbolStore>(store->layout());
  return OpenedData{std::move(store),
                    [symbols](const store::Module& module, uint64_t offset) {
                      return symbols->Lookup(module.build_id, offset);
                    },
                    [symbols] { return symbols->damage(); }};
}

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

size_t TerminalWidth() {
  winsize size{};
  const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= kLeastWidth;
  return known ? size.ws_col : kLeastWidth;
}

Environment ProcessEnvironment() {
  return {.out = std::cout,
          .color = isatty(STDOUT_FILENO) == 1 && Variable("NO_COLOR").empty() &&
                   Variable("TERM") != "dumb",
          .width = TerminalWidth(),
          .now_us = RealtimeMicros(),
          .default_data_dir = Variable("HOTROUTE_DATA_DIR"),
          .open = OpenDirectory};
}

int Fail(std::string_view message) {
  std::cout.flush();
  std::cerr << "hotroute: " << Printable(message) << "\n";
  return kExitFailure;
}

int Main(int argc, char** argv) {
  Environment environment = ProcessEnvironment();
  const Result<int> result =
      RunProgram(std::vector<std::string>(argv + 1, argv + argc), environment);
  if (!result.ok()) return Fail(result.status().message());
  std::cout.flush();
  if (!std::cout)
    return Fail("cannot write the answer to standard output; is its disk full or its reader gone?");
  return *result;
}

// Only exhausted memory and our own mistakes get here.
int GuardedMain(int argc, char** argv) {
  try {
    return Main(argc, argv);
  } catch (const std::exception& exception) {
    return Fail(std::string("gave up: ") + exception.what() +
                "; narrow the question with --since or --label");
  }
}

}  // namespace
}  // namespace hotroute::viewer

int main(int argc, char** argv) {
  if (argc < 1) return hotroute::viewer::kExitFailure;
  return hotroute::viewer::GuardedMain(argc, argv);
}
