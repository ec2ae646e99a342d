// What the integration tests share: real profiling into a temporary data directory, and everything
// that was stored, read back through the store.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "hotroute/hotroute.hpp"
#include "store/profile_source.h"

namespace hotroute::testing {

// A path below the test's temporary folder, removed with everything in it. Thread-compatible.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

struct StoredProfile {
  std::string id;
  uint32_t writer_id = 0;
  uint64_t pid = 0;
  std::string name;
  std::string method;
  bool is_task = false;
  uint32_t status = 0;
  double wall_ms = 0;
  double cpu_ms = 0;
  std::map<std::string, std::string> labels;
  std::string trace_id;
  store::Stratum stratum = store::Stratum::kRandom;
  double fraction = 0;
  double probability = 0;
  double sampled_cpu_ms = 0;  // samples x period
  uint64_t samples = 0;
  uint64_t incomplete = 0;
  // Stacks as "main;serve;parse", mangled names or module+offset, with their samples.
  std::map<std::string, uint64_t> stacks;
};

struct Recording {
  std::vector<StoredProfile> profiles;
  std::map<std::string, uint64_t> requests;  // exact, by name
  std::map<std::string, uint64_t> losses;
  std::vector<std::string> damage;

  uint64_t CountOf(std::string_view name) const;
  // Samples of `name` with `function` anywhere on the stack.
  uint64_t SamplesWith(std::string_view name, std::string_view function) const;
};

Recording ReadRecording(const std::string& data_dir);

// Options for a test: everything kept, as many samples as the kernel gives, into `data_dir`.
Options TestOptions(const std::string& data_dir);
// Starts or fails the test with the reason.
void StartOrFail(const Options& options);

// Burns CPU time of the calling thread, with and without a frame of its own name.
void BurnNanos(uint64_t cpu_ns);
__attribute__((noinline)) void BurnInAlpha(uint64_t cpu_ns);
__attribute__((noinline)) void BurnInBeta(uint64_t cpu_ns);

}  // namespace hotroute::testing
