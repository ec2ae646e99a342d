#include "tests/unit/viewer/aggregate/text_source.h"

#include <iostream>
#include <sstream>

#include "proto/histogram.h"
#include "viewer/aggregate/population_parser.h"
#include "viewer/aggregate/time_text.h"

namespace hotroute::viewer {
namespace {

constexpr uint64_t kFunctionBytes = 0x100;

[[noreturn]] void Reject(const std::string& what) {
  std::cerr << "text source: " << what << "\n";
  std::abort();
}

uint64_t Nanos(const std::string& text) {
  const Result<uint64_t> nanos = ParseDuration(text);
  if (!nanos.ok()) Reject(nanos.status().message());
  return *nanos;
}

// The status as a condition says it: both use the same words.
uint32_t StatusOf(const std::string& text) {
  if (text == "-") return 0;
  Population population;
  const Status status = AddCondition("status", text, 0, &population);
  if (!status.ok()) Reject(status.message());
  return population.statuses[0].from;
}

store::Stratum StratumOf(const std::string& text) {
  Population population;
  const Status status = AddCondition("stratum", text, 0, &population);
  if (!status.ok()) Reject(status.message());
  return population.strata[0];
}

std::pair<std::string, std::string> KeyValue(const std::string& word) {
  const size_t equals = word.find('=');
  if (equals == std::string::npos) Reject("not key=value: " + word);
  return {word.substr(0, equals), word.substr(equals + 1)};
}

bool Overlaps(const store::ReadFilter& filter, std::string_view name, int64_t first_us,
              int64_t last_us) {
  return (!filter.name || *filter.name == name) && last_us >= filter.from_us &&
         first_us < filter.to_us;
}

}  // namespace

TextSource::TextSource(const std::string& text) {
  store::Writer& writer = writers_.emplace_back();
  writer.writer_id = 0x7e21c0de;
  writer.host = "web1";
  writer.service = "shop";
  writer.build = "1.0";
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) ReadLine(line);
}

void TextSource::ReadLine(const std::string& line) {
  if (line.empty() || line[0] == '#') return;
  if (line[0] == ' ') return AddRun(line);
  std::istringstream stream(line);
  Words words;
  for (std::string word; stream >> word;) words.push_back(word);
  if (words[0] == "profile") return AddProfile(words, store::Kind::kRequest);
  if (words[0] == "task") return AddProfile(words, store::Kind::kTask);
  if (words[0] == "count") return AddExposure(words, store::Kind::kRequest);
  if (words[0] == "count-task") return AddExposure(words, store::Kind::kTask);
  if (words[0] == "writer") {
    store::Writer writer = writers_.back();
    ++writer.writer_id;
    writer.host = words.at(1);
    writer.service = words.at(2);
    writer.build = words.at(3);
    writers_.push_back(writer);
  } else if (words[0] == "loss") {
    report_.losses[words.at(1)] += std::stoull(words.at(2));
  } else if (words[0] == "damage") {
    report_.damage.push_back(line.substr(words[0].size() + 1));
  } else {
    Reject(line);
  }
}

void TextSource::AddProfile(const Words& words, store::Kind kind) {
  Profile& profile = profiles_.emplace_back();
  const bool request = kind == store::Kind::kRequest;
  profile.strings = {words.at(1), request ? words.at(2) : ""};
  store::ProfileRecord& record = profile.record;
  record.id = {writers_.back().writer_id, profiles_.size()};
  record.writer = &writers_.back();
  record.kind = kind;
  record.status = StatusOf(words.at(request ? 3 : 2));
  record.start_us = kTextStartUs;
  record.probability = 1;
  record.period_ns = 10'000'000;
  for (size_t i = request ? 4 : 3; i < words.size(); ++i) {
    const auto [key, value] = KeyValue(words[i]);
    if (key == "at") {
      record.start_us += static_cast<int64_t>(Nanos(value) / 1000);
    } else if (key == "wall") {
      record.wall_ns = Nanos(value);
    } else if (key == "cpu") {
      record.cpu_ns = Nanos(value);
    } else if (key == "p") {
      record.probability = std::stod(value);
    } else if (key == "stratum") {
      record.stratum = StratumOf(value);
    } else if (key == "period") {
      record.period_ns = Nanos(value);
    } else {
      profile.labels.emplace_back(key, value);
    }
  }
}

void TextSource::AddExposure(const Words& words, store::Kind kind) {
  Exposure& exposure = exposures_.emplace_back();
  const bool request = kind == store::Kind::kRequest;
  exposure.name = words.at(1);
  exposure.method = request ? words.at(2) : "";
  store::ExposureRecord& record = exposure.record;
  record.writer = &writers_.back();
  record.kind = kind;
  record.status_class = static_cast<uint32_t>(std::stoul(words.at(request ? 3 : 2)));
  record.minute = kTextStartUs / 60'000'000;
  for (size_t i = request ? 4 : 3; i < words.size(); ++i) {
    const auto [key, value] = KeyValue(words[i]);
    if (key == "n") record.count = std::stoull(value);
    if (key == "minute") record.minute += std::stoll(value);
    if (key == "wall") record.wall_ns = Nanos(value);
  }
  // All of a cell took its mean.
  exposure.buckets = {{BucketOf(record.wall_ns / record.count), record.count}};
}

void TextSource::AddRun(const std::string& line) {
  const size_t begin = line.find_first_not_of(' ');
  const size_t blank = line.rfind(' ');
  NodeId node;
  std::istringstream frames(line.substr(begin, blank - begin));
  for (std::string function; std::getline(frames, function, ';');) {
    node = stacks_.InternNode(node, LocationOf(function));
  }
  Profile& profile = profiles_.back();
  int64_t offset_us = 0;
  for (const store::SampleRun& run : profile.runs) {
    offset_us += run.count * static_cast<int64_t>(profile.record.period_ns / 1000);
  }
  profile.runs.push_back(
      {node, static_cast<uint32_t>(std::stoul(line.substr(blank + 1))), offset_us});
}

LocationId TextSource::LocationOf(const std::string& function) {
  const auto [entry, fresh] = locations_.try_emplace(function);
  if (fresh) {
    functions_->push_back(function);
    const bool placeholder = IsPlaceholderModule(function);
    const ModuleId module = stacks_.InternModule(placeholder ? function : "/opt/shop/shop", "");
    entry->second = stacks_.InternLocation(module, functions_->size() * kFunctionBytes);
  }
  return entry->second;
}

Status TextSource::ReadProfiles(const store::ReadFilter& filter,
                                const std::function<void(const store::ProfileRecord&)>& visit,
                                store::ReadReport* report) {
  *report = report_;
  for (const Profile& profile : profiles_) {
    if (!Overlaps(filter, profile.strings[0], profile.record.start_us, profile.record.start_us))
      continue;
    store::ProfileRecord record = profile.record;
    std::vector<store::Label> labels;
    for (const auto& [key, value] : profile.labels) labels.push_back({key, value});
    record.name = profile.strings[0];
    record.method = profile.strings[1];
    record.labels = labels;
    if (filter.samples) record.runs = profile.runs;
    visit(record);
  }
  return Status();
}

Status TextSource::ReadExposures(const store::ReadFilter& filter,
                                 const std::function<void(const store::ExposureRecord&)>& visit,
                                 store::ReadReport*) {
  for (const Exposure& exposure : exposures_) {
    const int64_t start_us = exposure.record.minute * 60'000'000;
    if (!Overlaps(filter, exposure.name, start_us, start_us + 59'999'999)) continue;
    store::ExposureRecord record = exposure.record;
    record.name = exposure.name;
    record.method = exposure.method;
    record.buckets = exposure.buckets;
    visit(record);
  }
  return Status();
}

SymbolLookup TextSource::symbols() const {
  return [functions = functions_](const store::Module&,
                                  uint64_t offset) -> std::optional<store::Symbol> {
    const uint64_t index = offset / kFunctionBytes;
    if (index == 0 || index > functions->size()) return std::nullopt;
    const std::string& name = (*functions)[index - 1];
    // "?" in a text stands for code without a symbol.
    if (name == "?") return std::nullopt;
    return store::Symbol{index * kFunctionBytes, kFunctionBytes, name};
  };
}

}  // namespace hotroute::viewer
