// `hotroute export URL --to FORMAT -o FILE`: the stacks of a population for other tools.
#include "base/file.h"
#include "viewer/cli/answer.h"
#include "viewer/cli/commands/commands.h"
#include "viewer/cli/question.h"
#include "viewer/cli/stack_export.h"
#include "viewer/formats/folded.h"
#include "viewer/formats/pprof.h"
#include "viewer/render/text.h"

namespace hotroute::viewer {
namespace {

constexpr Flag kFlags[] = {
    {"to", "FORMAT",
     "folded (flamegraph.pl, speedscope) or pprof (google-pprof; FILE.pb.gz: go tool pprof)"},
    {"output,o", "FILE", "the file to write"},
};

Result<std::string> Encode(const std::string& format, const std::string& path,
                           const StackProfile& profile) {
  if (format == "folded") return EncodeFolded(profile);
  return EncodePprofFor(path, profile);
}

class Export : public Command {
 public:
  const CommandInfo& info() const override {
    static const CommandInfo kInfo = {
        .name = "export",
        .summary = "the stacks of a route for other tools: folded stacks or pprof",
        .operand = "URL",
        .asks_population = true,
        .flags = kFlags,
        .help =
            "Values are microseconds of CPU time of all requests of the population, profiled or "
            "not "
            "(weighted): a\n"
            "`sample` of google-pprof is a microsecond. A pprof file whose name ends in .pb, "
            ".pb.gz "
            "or .gz is\n"
            "profile.proto, for `go tool pprof`; any other name gets what google-pprof reads. "
            "Forced "
            "profiles are\n"
            "left out.",
        .example = "export event.index --to pprof -o event.prof",
    };
    return kInfo;
  }

  Result<int> Run(const Arguments& arguments, Environment& environment) const override {
    const std::string format = arguments.Get("to").value_or("");
    const std::string path = arguments.Get("output").value_or("");
    if (format != "folded" && format != "pprof") {
      return InvalidArgument("--to '" + format +
                             "' is not a format; write --to folded or --to pprof");
    }
    if (path.empty()) return InvalidArgument("no output file given; add -o FILE");
    HOTROUTE_ASSIGN_OR_RETURN(Question question,
                              Question::Open(arguments, environment, arguments.operand()));
    StackExport stacks;
    HOTROUTE_RETURN_IF_ERROR(question.ReadWeighted(
        true,
        [&](const store::ProfileRecord& record, double weight) { stacks.Add(record, weight); }));
    const StackProfile profile = stacks.Finish(&question.symbolizer());
    question.NoteSymbolDamage();
    HOTROUTE_ASSIGN_OR_RETURN(const std::string bytes, Encode(format, path, profile));
    HOTROUTE_RETURN_IF_ERROR(WriteFileAtomically(path, bytes));
    PrintWritten(arguments, question.query(), "export", path, bytes.size(), environment);
    return kExitDone;
  }
};

}  // namespace

const Command& ExportCommand() {
  static const Export kCommand;
  return kCommand;
}

}  // namespace hotroute::viewer
