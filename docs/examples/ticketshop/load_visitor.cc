#include "ticketshop/load_visitor.h"

#include <nlohmann/json.hpp>

#include "ticketshop/seeded_orders.h"

namespace ticketshop {
namespace {

struct Weighted {
  const char* name;
  uint64_t weight;
};
constexpr Weighted kShops[] = {
    {"museum", 10}, {"theatre", 25}, {"zoo", 25}, {"opera", 20}, {"cinema", 20}};
constexpr Weighted kRoutes[] = {
    {"event.index", 34},     {"shop.index", 14},      {"cart.add", 16},  {"order.create", 12},
    {"api.orders.list", 10}, {"ticket.download", 11}, {"healthcheck", 3}};
constexpr uint64_t kSlotsAskedFor = 20;  // the first slots, which every shop has
constexpr size_t kOpenCarts = 10;        // older ones are forgotten, and expire
constexpr uint64_t kCards = 10'000;

// The distributions of <random> differ between libraries; this one is the same everywhere.
template <size_t kSize>
std::string Choose(const Weighted (&choices)[kSize], uint64_t random) {
  uint64_t total = 0;
  for (const Weighted& choice : choices) total += choice.weight;
  uint64_t left = random % total;
  for (const Weighted& choice : choices) {
    if (left < choice.weight) return choice.name;
    left -= choice.weight;
  }
  return choices[0].name;
}

}  // namespace

PlannedRequest Visitor::Next() {
  const std::string route = Choose(kRoutes, random_());
  const std::string shop = Choose(kShops, random_());
  if (route == "event.index") return {route, shop, "GET", "/" + shop + "/main/", {}};
  if (route == "shop.index") return {route, shop, "GET", "/" + shop + "/", {}};
  if (route == "api.orders.list") return {route, shop, "GET", "/api/" + shop + "/orders", {}};
  if (route == "ticket.download") return TicketDownload(shop);
  if (route == "cart.add") return CartAdd(shop);
  if (route == "order.create") return OrderCreate(shop);
  return {route, "", "GET", "/healthcheck", {}};
}

PlannedRequest Visitor::CartAdd(const std::string& shop) {
  const std::string slot = std::to_string(random_() % kSlotsAskedFor);
  return {"cart.add", shop, "POST", "/" + shop + "/cart", {{"slot", slot}}};
}

// One guest in twenty has an address that bounces, one in fifty mistypes it. Nobody pays without a
// cart.
PlannedRequest Visitor::OrderCreate(const std::string& shop) {
  std::deque<std::string>& carts = carts_[shop];
  if (carts.empty()) return CartAdd(shop);
  const std::string code = carts.back();
  carts.pop_back();
  const std::string guest = "guest" + std::to_string(random_() % kCards);
  const std::string at = OneIn(50) ? "" : OneIn(20) ? "@bounce.example" : "@example.org";
  return {"order.create",
          shop,
          "POST",
          "/" + shop + "/orders",
          {{"code", code}, {"card", std::to_string(random_() % kCards)}, {"email", guest + at}}};
}

// One link in thirty is dead.
PlannedRequest Visitor::TicketDownload(const std::string& shop) {
  const int64_t number = 1 + static_cast<int64_t>(random_() % kSeededOrders);
  const std::string code = OneIn(30) ? "gone" : SeededOrderCode(shop, number);
  return {"ticket.download", shop, "GET", "/" + shop + "/tickets/" + code, {}};
}

void Visitor::Learn(const PlannedRequest& request, int status, const std::string& body) {
  if (request.url_name != "cart.add" || status != 201) return;
  const nlohmann::json answer = nlohmann::json::parse(body, nullptr, false);
  if (!answer.is_object()) return;
  std::deque<std::string>& carts = carts_[request.shop];
  carts.push_back(answer.value("code", ""));
  if (carts.size() > kOpenCarts) carts.pop_front();
}

}  // namespace ticketshop
