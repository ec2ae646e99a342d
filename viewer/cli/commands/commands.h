// Every command of `hotroute`. Each lives in the file of its name; program.cc lists them.
#pragma once

#include "viewer/cli/command.h"

namespace hotroute::viewer {

const Command& UrlsCommand();
const Command& TopCommand();
const Command& PathsCommand();
const Command& LabelsCommand();
const Command& RequestsCommand();
const Command& ShowCommand();
const Command& FlameCommand();
const Command& ExportCommand();
const Command& StatsCommand();
const Command& VerifyCommand();
const Command& VersionCommand();

}  // namespace hotroute::viewer
