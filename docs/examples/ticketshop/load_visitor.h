// One visitor of the shop: decides what to ask for next, with a fixed seed, and learns from the
// answers.
//
// Visitors look at pages, fill carts, pay for them and download tickets. The museum gets one
// request in ten.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <random>
#include <string>

namespace ticketshop {

struct PlannedRequest {
  std::string url_name;
  std::string shop;  // empty for healthcheck
  std::string method;
  std::string path;
  std::multimap<std::string, std::string> form;  // of a POST
};

// Owned by its client thread.
class Visitor {
 public:
  explicit Visitor(uint64_t seed) : random_(seed) {}

  PlannedRequest Next();
  // `body` is the answer to `request`: a new cart is remembered until an order pays for it.
  void Learn(const PlannedRequest& request, int status, const std::string& body);

 private:
  bool OneIn(uint64_t n) { return random_() % n == 0; }
  PlannedRequest CartAdd(const std::string& shop);
  PlannedRequest OrderCreate(const std::string& shop);
  PlannedRequest TicketDownload(const std::string& shop);

  std::mt19937_64 random_;
  std::map<std::string, std::deque<std::string>> carts_;  // codes by shop, newest last
};

}  // namespace ticketshop
