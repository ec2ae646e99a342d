// What each route does, from a parsed request to a response. Which path leads where is in
// server.cc.
//
// A missing shop, event or order throws NotFound; the server makes it a 404.
#pragma once

#include <httplib.h>

#include <atomic>
#include <string>

#include "ticketshop/database.h"
#include "ticketshop/task_queue.h"

namespace ticketshop {

// Thread-safe.
class Handlers {
 public:
  Handlers(Database& database, TaskQueue& tasks, std::string outbox, int payment_port)
      : database_(database),
        tasks_(tasks),
        outbox_(std::move(outbox)),
        payment_port_(payment_port) {}

  // The first capture of the path is the shop, the second what the path names in it.
  void ShopIndex(const httplib::Request& request, httplib::Response& response);
  void EventIndex(const httplib::Request& request, httplib::Response& response);
  // Form: slot (its place in time order). 201 with the cart's code; 409 when sold out.
  void CartAdd(const httplib::Request& request, httplib::Response& response);
  // Form: code, card, email. 201 when paid, 402 declined, 409 no longer a cart, 502 the payment
  // provider failed.
  void OrderCreate(const httplib::Request& request, httplib::Response& response);
  void OrdersList(const httplib::Request& request, httplib::Response& response);
  void TicketDownload(const httplib::Request& request, httplib::Response& response);
  void HealthCheck(const httplib::Request& request, httplib::Response& response);

 private:
  void QueueMail(const std::string& shop_slug, const std::string& code, const std::string& email);

  Database& database_;
  TaskQueue& tasks_;
  const std::string outbox_;
  const int payment_port_;
  std::atomic<int64_t> carts_{0};  // a count only; publishes nothing
};

}  // namespace ticketshop
