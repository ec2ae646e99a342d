// A ProfileSource written as text, for tests of the viewer: no files, no symbols, names are given.
//
//   writer web1 shop 1.0                             host, service, build of what follows
//   profile event.index GET 200 at=1s wall=50ms cpu=30ms p=0.1 stratum=random period=10ms shop=big
//     main;serve;parse 3                             a run of equal samples, root first; a period
//     apart in time
//   task send_mail error at=2s wall=5ms cpu=1ms p=1
//   count event.index GET 2 minute=0 n=100 wall=5s   exact counters; a task: "count-task send_mail
//   1 ..." loss ring_full 3 damage segments/x.seg: offset 64: bad checksum
//
// Times count from kTextStartUs. Other key=value pairs are labels. '#' begins a comment line.
// Aborts on bad text.
#pragma once

#include <cstdlib>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/profile_source.h"
#include "viewer/aggregate/symbolizer.h"
#include "viewer/aggregate/weighting.h"

namespace hotroute::viewer {

inline constexpr int64_t kTextStartUs = 1'795'046'400'000'000;  // 2026-11-19 00:00:00 UTC

// Thread-compatible.
class TextSource : public store::ProfileSource {
 public:
  explicit TextSource(const std::string& text);

  Status ReadProfiles(const store::ReadFilter& filter,
                      const std::function<void(const store::ProfileRecord&)>& visit,
                      store::ReadReport* report) override;
  Status ReadExposures(const store::ReadFilter& filter,
                       const std::function<void(const store::ExposureRecord&)>& visit,
                       store::ReadReport* report) override;
  const store::StackTable& stacks() const override { return stacks_; }

  // The names of the text's functions, mangled or not as they were written. Lives on its own.
  SymbolLookup symbols() const;

 private:
  struct Profile {
    store::ProfileRecord record;
    std::vector<std::string> strings;  // name, method
    std::vector<std::pair<std::string, std::string>> labels;
    std::vector<store::SampleRun> runs;
  };
  struct Exposure {
    store::ExposureRecord record;
    std::string name;
    std::string method;
    std::vector<std::pair<uint32_t, uint64_t>> buckets;
  };
  using Words = std::vector<std::string>;

  void ReadLine(const std::string& line);
  void AddProfile(const Words& words, store::Kind kind);
  void AddExposure(const Words& words, store::Kind kind);
  void AddRun(const std::string& line);
  LocationId LocationOf(const std::string& function);

  std::deque<store::Writer> writers_;
  std::deque<Profile> profiles_;
  std::deque<Exposure> exposures_;
  store::ReadReport report_;
  store::StackTable stacks_;
  std::map<std::string, LocationId> locations_;
  std::shared_ptr<std::deque<std::string>> functions_ = std::make_shared<std::deque<std::string>>();
};

// Reads all of `source` into `table` with weights, as a command does.
template <typename Table>
void AddAll(store::ProfileSource& source, Table* table) {
  store::ReadReport report;
  const Status status = source.ReadProfiles(
      store::ReadFilter(),
      [&](const store::ProfileRecord& record) { table->Add(record, WeightOf(record)); }, &report);
  if (!status.ok()) std::abort();
}

}  // namespace hotroute::viewer
