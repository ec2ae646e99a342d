// Help, printed from the commands' own data.
#pragma once

#include <string>
#include <vector>

#include "viewer/cli/command.h"

namespace hotroute::viewer {

// What the program is, and every command with its line.
std::string ProgramHelp(const std::vector<const Command*>& commands);
// One command: how to write it, what it answers, an example, its flags.
std::string CommandHelp(const CommandInfo& info);

}  // namespace hotroute::viewer
