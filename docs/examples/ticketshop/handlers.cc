#include "ticketshop/handlers.h"

#include <charconv>

#include "ticketshop/catalogue.h"
#include "ticketshop/orders.h"
#include "ticketshop/pages.h"
#include "ticketshop/payment_provider.h"
#include "ticketshop/tasks.h"
#include "ticketshop/ticket.h"

namespace ticketshop {
namespace {

constexpr const char* kHtml = "text/html; charset=utf-8";
constexpr const char* kJson = "application/json";
constexpr int64_t kOrdersPerAnswer = 100;
constexpr int64_t kCartsPerExpiry = 25;
constexpr const char* kOnlyEvent = "main";

void Answer(httplib::Response& response, int status, const std::string& body, const char* type) {
  response.status = status;
  response.set_content(body, type);
}

int64_t SlotParameter(const httplib::Request& request) {
  const std::string text = request.get_param_value("slot");
  int64_t slot = -1;
  std::from_chars(text.data(), text.data() + text.size(), slot);
  if (slot < 0) throw NotFound("no time slot \"" + text + "\"");
  return slot;
}

}  // namespace

void Handlers::ShopIndex(const httplib::Request& request, httplib::Response& response) {
  const Database::Lease connection = database_.Borrow();
  const Shop shop = FindShop(*connection, request.matches[1]);
  Answer(response, 200, ShopPage(shop, EventsOf(*connection, shop)), kHtml);
}

void Handlers::EventIndex(const httplib::Request& request, httplib::Response& response) {
  const Database::Lease connection = database_.Borrow();
  const Shop shop = FindShop(*connection, request.matches[1]);
  const Event event = FindEvent(*connection, shop, request.matches[2]);
  const std::vector<TimeSlot> slots = TimeSlotsOf(*connection, event);
  const std::vector<int64_t> free = CountQuotas(*connection, slots);
  Answer(response, 200, EventPage(shop, event, slots, free), kHtml);
}

void Handlers::CartAdd(const httplib::Request& request, httplib::Response& response) {
  const Database::Lease connection = database_.Borrow();
  const Shop shop = FindShop(*connection, request.matches[1]);
  const Event event = FindEvent(*connection, shop, kOnlyEvent);
  const auto code = AddToCart(*connection, shop, event, SlotParameter(request));
  if (!code) return Answer(response, 409, ErrorJson("sold out"), kJson);
  if (carts_.fetch_add(1, std::memory_order_relaxed) % kCartsPerExpiry == 0) {
    tasks_.Add({"expire_carts", "", [this] { return ExpireOldCarts(database_); }});
  }
  Answer(response, 201, CodeJson(*code), kJson);
}

void Handlers::OrderCreate(const httplib::Request& request, httplib::Response& response) {
  const Database::Lease connection = database_.Borrow();
  const Shop shop = FindShop(*connection, request.matches[1]);
  const std::string code = request.get_param_value("code");
  const std::optional<Order> order = FindOrder(*connection, shop, code);
  if (!order) throw NotFound("no cart " + code);
  const std::string email = request.get_param_value("email");
  switch (Pay(payment_port_, request.get_param_value("card"), order->price_cents)) {
    case PaymentResult::kProviderFailed:
      return Answer(response, 502, ErrorJson("the payment provider failed; try again"), kJson);
    case PaymentResult::kDeclined:
      CloseCart(*connection, order->id, "declined", email);
      return Answer(response, 402, ErrorJson("the card was declined"), kJson);
    case PaymentResult::kPaid:
      break;
  }
  if (!CloseCart(*connection, order->id, "paid", email)) {
    return Answer(response, 409, ErrorJson("the cart has expired"), kJson);
  }
  QueueMail(shop.slug, code, email);
  Answer(response, 201, CodeJson(code), kJson);
}

void Handlers::QueueMail(const std::string& shop_slug, const std::string& code,
                         const std::string& email) {
  tasks_.Add({"send_mail", shop_slug, [this, shop_slug, code, email] {
                const Database::Lease connection = database_.Borrow();
                const Shop shop = FindShop(*connection, shop_slug);
                const std::optional<Order> order = FindOrder(*connection, shop, code);
                if (!order) throw NotFound("no order " + code);
                return SendMail(outbox_, {email, "Your ticket " + code,
                                          Compress(DrawTicket(shop.name, *order))});
              }});
}

void Handlers::OrdersList(const httplib::Request& request, httplib::Response& response) {
  const Database::Lease connection = database_.Borrow();
  const Shop shop = FindShop(*connection, request.matches[1]);
  Answer(response, 200, OrdersJson(shop, ListOrders(*connection, shop, kOrdersPerAnswer)), kJson);
}

void Handlers::TicketDownload(const httplib::Request& request, httplib::Response& response) {
  const Database::Lease connection = database_.Borrow();
  const Shop shop = FindShop(*connection, request.matches[1]);
  const std::string code = request.matches[2];
  const std::optional<Order> order = FindOrder(*connection, shop, code);
  if (!order || order->status != "paid") throw NotFound("no ticket " + code);
  Answer(response, 200, Compress(DrawTicket(shop.name, *order)), "application/zlib");
}

void Handlers::HealthCheck(const httplib::Request&, httplib::Response& response) {
  database_.Borrow()->Execute("SELECT 1");
  Answer(response, 200, "ok\n", "text/plain");
}

}  // namespace ticketshop
