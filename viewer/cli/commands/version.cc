// `hotroute version`.
#include "proto/frame.h"
#include "proto/layout.h"
#include "viewer/cli/answer.h"
#include "viewer/cli/arguments.h"
#include "viewer/cli/commands/commands.h"

namespace hotroute::viewer {
namespace {

class Version : public Command {
 public:
  const CommandInfo& info() const override {
    static const CommandInfo kInfo = {
        .name = "version",
        .summary = "the program's version and the formats it reads",
        .operand = "",
        .reads_data = false,
        .flags = {},
        .help = "Newer formats than these are refused with a message, never misread.",
        .example = "version",
    };
    return kInfo;
  }

  Result<int> Run(const Arguments& arguments, Environment& environment) const override {
    if (arguments.json()) {
      PrintJson(PlainDocument("version", store::ReadReport(),
                              Json::array({{{"version", HOTROUTE_VERSION},
                                            {"store_format", kStoreFormat},
                                            {"file_format", kFormatVersion}}})),
                environment);
    } else {
      environment.out << "hotroute " << HOTROUTE_VERSION << " (store format " << kStoreFormat
                      << ", file format " << kFormatVersion << ")\n";
    }
    return kExitDone;
  }
};

}  // namespace

const Command& VersionCommand() {
  static const Version kCommand;
  return kCommand;
}

}  // namespace hotroute::viewer
