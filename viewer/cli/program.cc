#include "viewer/cli/program.h"

#include <optional>

#include "viewer/cli/arguments.h"
#include "viewer/cli/commands/commands.h"
#include "viewer/cli/help.h"
#include "viewer/cli/suggest.h"

namespace hotroute::viewer {
namespace {

bool IsHelp(const std::string& word) { return word == "help" || word == "--help" || word == "-h"; }

Result<const Command*> FindCommand(const std::string& name) {
  std::vector<std::string> names = {"help"};
  for (const Command* command : AllCommands()) {
    if (command->info().name == name) return command;
    names.emplace_back(command->info().name);
  }
  const std::optional<std::string> nearest = Nearest(name, names);
  return InvalidArgument("unknown command '" + name + "'" +
                         (nearest ? "; did you mean " + *nearest + "?" : ";") +
                         " `hotroute help` lists the commands");
}

}  // namespace

std::vector<const Command*> AllCommands() {
  return {&UrlsCommand(),     &TopCommand(),    &PathsCommand(),  &LabelsCommand(),
          &RequestsCommand(), &ShowCommand(),   &FlameCommand(),  &ExportCommand(),
          &StatsCommand(),    &VerifyCommand(), &VersionCommand()};
}

Result<int> RunProgram(const std::vector<std::string>& words, Environment& environment) {
  if (words.empty()) {
    return InvalidArgument(
        "no command given; `hotroute help` lists the commands, `hotroute urls` is a good first "
        "one");
  }
  if (IsHelp(words[0])) {
    if (words.size() == 1) {
      environment.out << ProgramHelp(AllCommands());
      return kExitDone;
    }
    HOTROUTE_ASSIGN_OR_RETURN(const Command* const command, FindCommand(words[1]));
    environment.out << CommandHelp(command->info());
    return kExitDone;
  }
  const std::string name = words[0] == "--version" ? "version" : words[0];
  HOTROUTE_ASSIGN_OR_RETURN(const Command* const command, FindCommand(name));
  HOTROUTE_ASSIGN_OR_RETURN(const Arguments arguments,
                            Arguments::Parse(command->info(), {words.begin() + 1, words.end()}));
  if (arguments.Has("help")) {
    environment.out << CommandHelp(command->info());
    return kExitDone;
  }
  return command->Run(arguments, environment);
}

}  // namespace hotroute::viewer
