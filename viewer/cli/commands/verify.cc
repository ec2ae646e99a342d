// `hotroute verify`: does every byte of a data directory check out?
#include "store/verify.h"

#include "viewer/cli/answer.h"
#include "viewer/cli/commands/commands.h"
#include "viewer/cli/question.h"
#include "viewer/render/text.h"

namespace hotroute::viewer {
namespace {

Json DocumentOf(const store::VerifyResult& result) {
  Json rows = Json::array();
  for (const store::Finding& finding : result.findings) {
    rows.push_back({{"path", finding.path},
                    {"offset", finding.offset},
                    {"bytes", finding.bytes},
                    {"what", finding.what},
                    {"incomplete", finding.incomplete}});
  }
  Json document = PlainDocument("verify", store::ReadReport(), std::move(rows));
  document["sound"] = result.sound();
  document["files"] = result.files;
  document["bytes"] = result.bytes;
  document["frames"] = result.frames;
  document["profiles"] = result.profiles;
  return document;
}

std::string TextOf(const store::VerifyResult& result) {
  std::string text;
  for (const store::Finding& finding : result.findings) {
    text += (finding.incomplete ? "unfinished: " : "damaged: ") +
            Printable(store::FindingLine(finding)) + ", " + CountText(finding.bytes) + " bytes\n";
  }
  text += CountText(result.files) + " files, " + CountText(result.frames) + " frames and " +
          CountText(result.profiles) + " profiles check out";
  return text + (result.sound() ? "; nothing is damaged\n"
                                : "; what is listed above is left out of every answer\n");
}

class Verify : public Command {
 public:
  const CommandInfo& info() const override {
    static const CommandInfo kInfo = {
        .name = "verify",
        .summary = "re-reads every checksum and says what is damaged; exit 1 when something is",
        .operand = "",
        .flags = {},
        .help =
            "One line per damaged place: file, offset, what is wrong. Damage costs only the frame "
            "it is in.\n"
            "`unfinished` is the last write of a process that runs or was killed; that is no "
            "damage.",
        .example = "verify --data-dir /backup/hotroute",
    };
    return kInfo;
  }

  Result<int> Run(const Arguments& arguments, Environment& environment) const override {
    HOTROUTE_ASSIGN_OR_RETURN(const std::string data_dir, DataDirectory(arguments, environment));
    HOTROUTE_ASSIGN_OR_RETURN(const store::VerifyResult result, store::Verify(data_dir));
    if (arguments.json()) {
      PrintJson(DocumentOf(result), environment);
    } else {
      environment.out << TextOf(result);
    }
    return result.sound() ? kExitDone : kExitFinding;
  }
};

}  // namespace

const Command& VerifyCommand() {
  static const Verify kCommand;
  return kCommand;
}

}  // namespace hotroute::viewer
