#include "tests/bench/contestants/workload.h"

#include <algorithm>
#include <regex>

#include "base/clock.h"
#include "tests/bench/contestants/figure.h"
#include "tests/bench/contestants/ladder.h"
#include "viewer/formats/gzip.h"

namespace hotroute::bench {
namespace {

// Frames of server, router and middleware above a handler: what cpp-httplib and a handful of
// wrappers take.
constexpr int kFrameworkFrames = 12;
constexpr int kFrameworkSpread = 8;  // not every route lies below the same middleware

constexpr char kHeaders[] =
    "GET /events/1742/slots?day=2026-11-22 HTTP/1.1\r\nHost: shop.example\r\nAccept: text/html\r\n"
    "Cookie: session=7e21c0de5f; cart=99\r\nAccept-Language: de,en;q=0.7\r\n\r\n";

}  // namespace

Workload::Workload() {
  sqlite3* database = nullptr;
  Require(sqlite3_open(":memory:", &database) == SQLITE_OK, "cannot open a database in memory");
  database_.reset(database);
  Execute("CREATE TABLE slot(id INTEGER PRIMARY KEY, event INTEGER, day TEXT)");
  Execute("CREATE TABLE quota(id INTEGER PRIMARY KEY, slot INTEGER, size INTEGER)");
  Execute(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) "
      "INSERT INTO slot SELECT i, i % 20, 'day ' || (i % 365) FROM n");
  Execute("INSERT INTO quota SELECT id, id % 500, id % 90 FROM slot");
  for (int i = 0; i < 2000; ++i)
    products_.push_back("product " + std::to_string(random_() % 1'000'000));
  for (const std::string& product : products_) ticket_ += product + "\n";
}

void Workload::Execute(const char* statement) {
  Require(sqlite3_exec(database_.get(), statement, nullptr, nullptr, nullptr) == SQLITE_OK,
          std::string("SQLite refused: ") + statement);
}

void Workload::Serve(uint64_t cpu_ns) {
  const uint64_t end_ns = ThreadCpuNanos() + cpu_ns;
  const int frames = kFrameworkFrames + static_cast<int>(random_() % kFrameworkSpread);
  ClimbLadder(frames, [&] {
    while (ThreadCpuNanos() < end_ns) Step();
  });
}

void Workload::Step() {
  switch (random_() % 4) {
    case 0:
      return CountQuotas();
    case 1:
      return CompressTicket();
    case 2:
      return MatchHeaders();
    default:
      return SortProducts();
  }
}

void Workload::CountQuotas() {
  Execute(
      "SELECT event, count(*), sum(size) FROM slot JOIN quota ON quota.id = slot.id "
      "WHERE day LIKE 'day 1%' GROUP BY event ORDER BY 3");
}

void Workload::CompressTicket() { Require(viewer::Gzip(ticket_).ok(), "cannot compress"); }

void Workload::MatchHeaders() {
  static const std::regex kHeader("([A-Za-z-]+): ([^\r]*)\r\n");
  const std::string headers = kHeaders;
  size_t bytes = 0;
  for (std::sregex_iterator header(headers.begin(), headers.end(), kHeader), end; header != end;
       ++header) {
    bytes += header->str(2).size();
  }
  Require(bytes > 0, "the headers did not match");
}

void Workload::SortProducts() {
  std::shuffle(products_.begin(), products_.end(), random_);
  std::sort(products_.begin(), products_.end());
}

}  // namespace hotroute::bench
