// The shop's payment provider: another company's server, played by a small HTTP server on the
// loopback interface.
//
// Its answer takes 4 to 20 ms, which is where order.create waits. Cards ending in 2 are declined;
// cards ending in 9 make the provider fail. Everything it does depends on the card alone, so a run
// can be repeated.
#pragma once

#include <memory>
#include <string>
#include <thread>

namespace httplib {
class Server;
}

namespace ticketshop {

enum class PaymentResult { kPaid, kDeclined, kProviderFailed };

// Owns the server and its thread. Thread-safe.
class PaymentProvider {
 public:
  PaymentProvider();
  ~PaymentProvider();
  PaymentProvider(const PaymentProvider&) = delete;
  PaymentProvider& operator=(const PaymentProvider&) = delete;

  int port() const { return port_; }

 private:
  std::unique_ptr<httplib::Server> server_;
  int port_ = 0;
  std::thread thread_;
};

// Asks the provider at `port` for the money and waits for its answer. Thread-safe.
PaymentResult Pay(int port, const std::string& card, int64_t cents);

}  // namespace ticketshop
