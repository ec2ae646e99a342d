#include "ticketshop/payment_provider.h"

#include <httplib.h>

#include <chrono>
#include <stdexcept>

namespace ticketshop {
namespace {

constexpr int kThreads = 16;  // never the bottleneck: as many as the shop has by default

// 4 to 20 ms, the same for the same card.
std::chrono::milliseconds AnswerTime(const std::string& card) {
  return std::chrono::milliseconds(4 + std::hash<std::string>{}(card) % 17);
}

void Answer(const httplib::Request& request, httplib::Response& response) {
  const std::string card = request.get_param_value("card");
  std::this_thread::sleep_for(AnswerTime(card));
  response.status = card.ends_with("99") ? 503 : card.ends_with('2') ? 402 : 200;
  response.set_content(response.status == 200 ? "paid" : "refused", "text/plain");
}

}  // namespace

PaymentProvider::PaymentProvider() : server_(std::make_unique<httplib::Server>()) {
  server_->new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  server_->set_tcp_nodelay(true);
  server_->Post("/pay", Answer);
  port_ = server_->bind_to_any_port("127.0.0.1");
  if (port_ < 0) throw std::runtime_error("payment provider: no free port on 127.0.0.1");
  thread_ = std::thread([this] { server_->listen_after_bind(); });
}

PaymentProvider::~PaymentProvider() {
  while (!server_->is_running()) std::this_thread::yield();  // stop() before listen is lost
  server_->stop();
  thread_.join();
}

PaymentResult Pay(int port, const std::string& card, int64_t cents) {
  httplib::Client client("127.0.0.1", port);
  client.set_tcp_nodelay(true);
  const httplib::Params form = {{"card", card}, {"cents", std::to_string(cents)}};
  const httplib::Result result = client.Post("/pay", form);
  if (!result) return PaymentResult::kProviderFailed;
  if (result->status == 402) return PaymentResult::kDeclined;
  return result->status == 200 ? PaymentResult::kPaid : PaymentResult::kProviderFailed;
}

}  // namespace ticketshop
