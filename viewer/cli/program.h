// The `hotroute` program without its process: finds the command, answers help, runs it.
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "viewer/cli/command.h"

namespace hotroute::viewer {

// `words` is what stands behind the program's name. The exit code, or the one line to print before
// exiting with kExitFailure.
Result<int> RunProgram(const std::vector<std::string>& words, Environment& environment);

// In the order in which help lists them.
std::vector<const Command*> AllCommands();

}  // namespace hotroute::viewer
