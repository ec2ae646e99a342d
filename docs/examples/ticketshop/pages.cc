#include "ticketshop/pages.h"

#include <ctime>
#include <nlohmann/json.hpp>

namespace ticketshop {
namespace {

constexpr size_t kSlotsOnPage = 40;

std::string Escape(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string Page(const std::string& title, const std::string& body) {
  return "<!doctype html><meta charset=\"utf-8\"><title>" + Escape(title) + "</title>\n<h1>" +
         Escape(title) + "</h1>\n" + body;
}

std::string TimeText(int64_t unix_seconds) {
  const std::time_t seconds = unix_seconds;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[32];
  const size_t size = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M", &utc);
  return std::string(text, size);
}

}  // namespace

std::string ShopPage(const Shop& shop, const std::vector<Event>& events) {
  std::string body = "<ul>\n";
  for (const Event& event : events) {
    body += "<li><a href=\"/" + shop.slug + "/" + event.slug + "/\">" + Escape(event.name) +
            "</a></li>\n";
  }
  return Page(shop.name, body + "</ul>\n");
}

std::string EventPage(const Shop& shop, const Event& event, const std::vector<TimeSlot>& slots,
                      const std::vector<int64_t>& free) {
  std::string rows;
  size_t listed = 0;
  int64_t places = 0;
  for (size_t i = 0; i < slots.size(); ++i) {
    places += free[i];
    if (free[i] <= 0 || listed == kSlotsOnPage) continue;
    ++listed;
    rows += "<tr><td>" + TimeText(slots[i].starts_at) + "</td><td>" + std::to_string(free[i]) +
            " left</td></tr>\n";
  }
  return Page(shop.name + ": " + event.name,
              "<p>" + std::to_string(places) + " places in " + std::to_string(slots.size()) +
                  " time slots</p>\n<table>\n" + rows + "</table>\n");
}

std::string OrdersJson(const Shop& shop, const std::vector<Order>& orders) {
  nlohmann::json rows = nlohmann::json::array();
  for (const Order& order : orders) {
    rows.push_back({{"code", order.code},
                    {"status", order.status},
                    {"price_cents", order.price_cents},
                    {"starts_at", TimeText(order.starts_at)}});
  }
  return nlohmann::json{{"shop", shop.slug}, {"orders", rows}}.dump();
}

std::string CodeJson(const std::string& code) { return nlohmann::json{{"code", code}}.dump(); }

std::string ErrorJson(const std::string& message) {
  return nlohmann::json{{"error", message}}.dump();
}

}  // namespace ticketshop
