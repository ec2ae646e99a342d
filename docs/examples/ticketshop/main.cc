// ticketshop: a small HTTP service, profiled with hotroute. The profiling is the first lines of
// main and the two wrappers in server.cc and task_queue.cc.
//
// Prints the address it listens on; on SIGINT or SIGTERM finishes, and prints what it served as one
// line of JSON.
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>

#include <filesystem>
#include <iostream>

#include "hotroute/hotroute.hpp"
#include "ticketshop/flags.h"
#include "ticketshop/payment_provider.h"
#include "ticketshop/schema.h"
#include "ticketshop/server.h"

namespace ticketshop {
namespace {

Flags MakeFlags() {
  return Flags("ticketshop", "A ticket shop on 127.0.0.1; its profiles go to HOTROUTE_DATA_DIR.",
               {{"dir", "ticketshop-data", "folder of the database and the outbox"},
                {"port", "0", "0 takes a free one"},
                {"threads", "16", "requests served at once"},
                {"workers", "2", "threads for background tasks"},
                {"museum-slots", "30000", "time slots of the museum in a new database"}});
}

void StartProfiling(const std::string& directory) {
  hotroute::Options options = hotroute::Options::FromEnvironment();
  options.excluded_routes.push_back("healthcheck");
  if (options.data_dir.empty()) options.data_dir = directory + "/hotroute";
  std::string error;
  if (!hotroute::Start(options, &error)) std::cerr << "not profiled: " << error << std::endl;
}

// Blocks the signals that end the shop in this thread and all it starts, so that only WaitForEnd
// takes them.
sigset_t BlockEndSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

void WaitForEnd(const sigset_t& signals) {
  int signal = 0;
  sigwait(&signals, &signal);
}

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void Run(const Flags& flags) {
  const std::string directory = flags.Text("dir");
  std::filesystem::create_directories(directory);
  const sigset_t end_signals = BlockEndSignals();
  StartProfiling(directory);

  Database database(directory + "/shop.sqlite");
  SeedOptions seed;
  seed.museum_slots = static_cast<int64_t>(flags.Number("museum-slots"));
  CreateAndSeed(*database.Borrow(), seed);

  const PaymentProvider payment_provider;
  TaskQueue tasks(static_cast<int>(flags.Number("workers")));
  Handlers handlers(database, tasks, directory + "/outbox", payment_provider.port());
  Server server(handlers, static_cast<int>(flags.Number("port")),
                static_cast<int>(flags.Number("threads")));
  std::cout << "ticketshop listens on http://127.0.0.1:" << server.port() << std::endl;

  WaitForEnd(end_signals);
  server.Stop();
  tasks.Stop();
  hotroute::Stop();
  const nlohmann::json summary = {{"requests", server.tally().Json()},
                                  {"tasks", tasks.tally().Json()},
                                  {"cpu_seconds", CpuSeconds()}};
  std::cout << summary.dump() << std::endl;
}

}  // namespace
}  // namespace ticketshop

int main(int argc, char** argv) {
  ticketshop::Flags flags = ticketshop::MakeFlags();
  const ticketshop::Flags::Outcome outcome = flags.Parse(argc, argv);
  if (outcome == ticketshop::Flags::Outcome::kMistake) return 2;
  if (outcome == ticketshop::Flags::Outcome::kHelpShown) return 0;
  try {
    ticketshop::Run(flags);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "ticketshop: " << error.what() << "\n";
    return 2;
  }
}
