// `hotroute stats`: what is in a data directory.
#include "store/store.h"
#include "viewer/aggregate/population_parser.h"
#include "viewer/aggregate/time_text.h"
#include "viewer/cli/answer.h"
#include "viewer/cli/commands/commands.h"
#include "viewer/cli/question.h"
#include "viewer/render/text.h"

namespace hotroute::viewer {
namespace {

struct Totals {
  uint64_t files = 0;
  uint64_t damaged_files = 0;
  uint64_t bytes = 0;
  uint64_t profiles = 0;
  uint64_t requests = 0;  // counted
};

Totals TotalsOf(store::Store& store) {
  Totals totals;
  for (const store::FileInfo& file : store.Files()) {
    ++totals.files;
    totals.damaged_files += file.damaged ? 1 : 0;
    totals.profiles += file.profiles;
    totals.requests += file.requests;
  }
  for (const store::FolderSize& folder : store.Folders()) totals.bytes += folder.bytes;
  return totals;
}

Json NamesJson(store::Store& store) {
  Json rows = Json::array();
  for (const store::KnownName& name : store.Names()) {
    rows.push_back({{"url_name", name.name},
                    {"kind", KindText(name.kind)},
                    {"profiles", name.profiles},
                    {"requests_exact", name.requests},
                    {"from", Rfc3339(name.first_us)},
                    {"to", Rfc3339(name.last_us)}});
  }
  return rows;
}

Json DocumentOf(store::Store& store, const store::ReadReport& report) {
  const Totals totals = TotalsOf(store);
  Json document = PlainDocument("stats", report, NamesJson(store));
  document["store_id"] = UuidText(store.identity().id);
  document["created"] = store.identity().created;
  document["files"] = totals.files;
  document["files_damaged"] = totals.damaged_files;
  document["bytes"] = totals.bytes;
  document["profiles"] = totals.profiles;
  document["requests_exact"] = totals.requests;
  for (const store::FolderSize& folder : store.Folders())
    document["folders"][folder.name] = folder.bytes;
  document["writers"] = Json::array();
  for (const store::Writer& writer : store.Writers()) {
    document["writers"].push_back({{"service", writer.service},
                                   {"build", writer.build},
                                   {"host", writer.host},
                                   {"pid", writer.pid},
                                   {"start", Rfc3339(writer.start_us)},
                                   {"engine", writer.engine},
                                   {"unwinder", writer.unwinder},
                                   {"version", writer.version}});
  }
  return document;
}

std::string NamesText(store::Store& store, bool color) {
  TextTable table({{"url_name", Align::kLeft},
                   {"kind", Align::kLeft},
                   {"profiles"},
                   {"counted requests"},
                   {"first (UTC)", Align::kLeft},
                   {"last (UTC)", Align::kLeft}});
  for (const store::KnownName& name : store.Names()) {
    table.AddRow({name.name, std::string(KindText(name.kind)), CountText(name.profiles),
                  CountText(name.requests), TimeText(name.first_us), TimeText(name.last_us)});
  }
  return table.Render(color);
}

std::string WritersText(store::Store& store, bool color) {
  TextTable table({{"service", Align::kLeft},
                   {"build", Align::kLeft},
                   {"host", Align::kLeft},
                   {"pid"},
                   {"started (UTC)", Align::kLeft},
                   {"engine", Align::kLeft}});
  for (const store::Writer& writer : store.Writers()) {
    table.AddRow({writer.service, writer.build, writer.host, std::to_string(writer.pid),
                  TimeText(writer.start_us), writer.engine + "/" + writer.unwinder});
  }
  return table.Render(color);
}

std::string HeadText(store::Store& store) {
  const Totals totals = TotalsOf(store);
  std::string text = Printable(store.layout().root()) + ": " +
                     CountText(totals.profiles, "profile") + ", " +
                     CountText(totals.requests, "request") + " counted, " +
                     CountText(totals.files, "file") + ", " + CountText(totals.bytes) + " bytes\n";
  for (const store::FolderSize& folder : store.Folders()) {
    text += "  " + folder.name + " " + CountText(folder.bytes) + " bytes\n";
  }
  if (totals.damaged_files > 0) {
    text +=
        CountText(totals.damaged_files, "file") + " with damage; `hotroute verify` says where\n";
  }
  return text;
}

class Stats : public Command {
 public:
  const CommandInfo& info() const override {
    static const CommandInfo kInfo = {
        .name = "stats",
        .summary = "what the data directory holds: sizes, routes, writers, losses",
        .operand = "",
        .flags = {},
        .help =
            "Totals, then every route and task with its time range, every process that wrote, and "
            "everything\n"
            "that was lost on the way, by name.",
        .example = "stats --data-dir /var/lib/shop/hotroute",
    };
    return kInfo;
  }

  Result<int> Run(const Arguments& arguments, Environment& environment) const override {
    HOTROUTE_ASSIGN_OR_RETURN(const std::string data_dir, DataDirectory(arguments, environment));
    HOTROUTE_ASSIGN_OR_RETURN(const std::unique_ptr<store::Store> store,
                              store::Store::Open(data_dir));
    store::ReadReport report;
    report.losses = store->Losses();
    if (arguments.json()) {
      PrintJson(DocumentOf(*store, report), environment);
      return kExitDone;
    }
    const std::string losses = LossText(report);
    environment.out << HeadText(*store) << "\n"
                    << NamesText(*store, environment.color) << "\n"
                    << WritersText(*store, environment.color) << "\n"
                    << (losses.empty() ? "nothing was lost\n" : losses);
    return kExitDone;
  }
};

}  // namespace

const Command& StatsCommand() {
  static const Stats kCommand;
  return kCommand;
}

}  // namespace hotroute::viewer
