// ticketshop_load: visitors of the ticket shop, over real HTTP connections to 127.0.0.1 that stay
// open.
//
// In: the shop's port, a rate and a duration. Out: on stdout, what was asked and answered, as one
// JSON object. Requests are due at fixed times; a client that is late sends at once, so a slow shop
// is still asked as often as it can answer.
#include <httplib.h>

#include <chrono>
#include <iostream>
#include <thread>
#include <vector>

#include "ticketshop/flags.h"
#include "ticketshop/load_report.h"
#include "ticketshop/load_visitor.h"

namespace ticketshop {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr time_t kAnswerTimeoutSeconds = 60;

Flags MakeFlags() {
  return Flags("ticketshop_load", "Drives a ticketshop on 127.0.0.1 and reports what it answered.",
               {{"port", "0", "the shop's port; required"},
                {"seconds", "10", "how long"},
                {"rate", "200", "requests per second, of all clients together"},
                {"clients", "8", "connections, each with a thread"},
                {"seed", "1", "the same seed asks for the same things"}});
}

httplib::Result Send(httplib::Client& client, const PlannedRequest& request) {
  if (request.method == "POST") return client.Post(request.path, request.form);
  return client.Get(request.path);
}

void SendAndReport(httplib::Client& client, Visitor& visitor, LoadReport& report) {
  const PlannedRequest request = visitor.Next();
  const Clock::time_point begin = Clock::now();
  const httplib::Result result = Send(client, request);
  if (!result) return report.Failed(request);
  const double wall_ms = Seconds(Clock::now() - begin).count() * 1000;
  report.Answered(request, result->status, wall_ms);
  visitor.Learn(request, result->status, result->body);
}

// Client number `index` sends requests index, index + clients, ... of the schedule.
void RunClient(const Flags& flags, double index, Clock::time_point start, LoadReport& report) {
  httplib::Client client("127.0.0.1", static_cast<int>(flags.Number("port")));
  client.set_keep_alive(true);
  client.set_tcp_nodelay(true);
  client.set_read_timeout(kAnswerTimeoutSeconds);
  Visitor visitor(static_cast<uint64_t>(flags.Number("seed")) * 1000 +
                  static_cast<uint64_t>(index));
  const Seconds duration(flags.Number("seconds"));
  for (double number = index;; number += flags.Number("clients")) {
    const Seconds due(number / flags.Number("rate"));
    if (due >= duration || Clock::now() - start >= duration) return;
    std::this_thread::sleep_until(start + std::chrono::duration_cast<Clock::duration>(due));
    SendAndReport(client, visitor, report);
  }
}

nlohmann::json Run(const Flags& flags) {
  LoadReport report;
  std::vector<std::thread> clients;
  const Clock::time_point start = Clock::now();
  for (double i = 0; i < flags.Number("clients"); ++i) {
    clients.emplace_back([&, i] { RunClient(flags, i, start, report); });
  }
  for (std::thread& client : clients) client.join();
  return report.Json(Seconds(Clock::now() - start).count());
}

bool Usable(const Flags& flags) {
  if (flags.Number("port") < 1 || flags.Number("port") > 65535) {
    std::cerr << "ticketshop_load: --port must be the port that ticketshop printed\n";
    return false;
  }
  if (flags.Number("rate") <= 0 || flags.Number("clients") < 1) {
    std::cerr << "ticketshop_load: --rate must be more than 0 and --clients at least 1\n";
    return false;
  }
  return true;
}

}  // namespace
}  // namespace ticketshop

int main(int argc, char** argv) {
  ticketshop::Flags flags = ticketshop::MakeFlags();
  const ticketshop::Flags::Outcome outcome = flags.Parse(argc, argv);
  if (outcome == ticketshop::Flags::Outcome::kHelpShown) return 0;
  if (outcome == ticketshop::Flags::Outcome::kMistake || !ticketshop::Usable(flags)) return 2;
  std::cout << ticketshop::Run(flags).dump(2) << std::endl;
  return 0;
}
