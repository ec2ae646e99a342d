// Requests with realistic stacks: handlers below a framework's frames that query SQLite, compress
// with zlib, match regular expressions and sort strings, as a shop does.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace hotroute::bench {

// Owned by one thread. The same seed gives the same work.
class Workload {
 public:
  Workload();

  // One request's work, at least `cpu_ns` of the thread's CPU time.
  void Serve(uint64_t cpu_ns);

 private:
  struct CloseDatabase {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
  };

  void Execute(const char* statement);
  void Step();
  void CountQuotas();
  void CompressTicket();
  void MatchHeaders();
  void SortProducts();

  std::unique_ptr<sqlite3, CloseDatabase> database_;
  std::mt19937_64 random_{1};
  std::vector<std::string> products_;
  std::string ticket_;
};

}  // namespace hotroute::bench
