#include "ticketshop/server.h"

#include <stdexcept>
#include <string>

#include "hotroute/hotroute.hpp"
#include "ticketshop/catalogue.h"
#include "ticketshop/pages.h"

namespace ticketshop {
namespace {

constexpr size_t kRequestsPerConnection = 1'000'000;
constexpr time_t kIdleConnectionSeconds = 2;

constexpr Route kRoutes[] = {
    {"healthcheck", "GET", "/healthcheck", &Handlers::HealthCheck},
    {"api.orders.list", "GET", "/api/([a-z]+)/orders", &Handlers::OrdersList},
    {"shop.index", "GET", "/([a-z]+)/", &Handlers::ShopIndex},
    {"event.index", "GET", "/([a-z]+)/([a-z]+)/", &Handlers::EventIndex},
    {"cart.add", "POST", "/([a-z]+)/cart", &Handlers::CartAdd},
    {"order.create", "POST", "/([a-z]+)/orders", &Handlers::OrderCreate},
    {"ticket.download", "GET", "/([a-z]+)/tickets/([a-z0-9-]+)", &Handlers::TicketDownload},
};

// The library's default, SO_REUSEPORT, would let a second shop share a port that is taken.
void AllowQuickRestart(socket_t listener) {
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
}

}  // namespace

Server::Server(Handlers& handlers, int port, int threads) : handlers_(handlers) {
  server_.new_task_queue = [threads] { return new httplib::ThreadPool(threads); };
  server_.set_tcp_nodelay(true);
  server_.set_socket_options(AllowQuickRestart);
  server_.set_keep_alive_max_count(kRequestsPerConnection);
  server_.set_keep_alive_timeout(kIdleConnectionSeconds);
  for (const Route& route : kRoutes) Add(route);
  if (port == 0) {
    port_ = server_.bind_to_any_port("127.0.0.1");
  } else {
    port_ = server_.bind_to_port("127.0.0.1", port) ? port : -1;
  }
  if (port_ < 0) {
    throw std::runtime_error("port " + std::to_string(port) +
                             " on 127.0.0.1 is taken; choose another with --port");
  }
  thread_ = std::thread([this] { server_.listen_after_bind(); });
}

Server::~Server() { Stop(); }

void Server::Stop() {
  if (!thread_.joinable()) return;
  while (!server_.is_running()) std::this_thread::yield();  // stop() before listen is lost
  server_.stop();
  thread_.join();
}

void Server::Add(const Route& route) {
  const auto serve = [this, &route](const httplib::Request& request, httplib::Response& response) {
    Serve(route, request, response);
  };
  if (std::string_view(route.method) == "POST") {
    server_.Post(route.pattern, serve);
  } else {
    server_.Get(route.pattern, serve);
  }
}

void Server::Serve(const Route& route, const httplib::Request& request,
                   httplib::Response& response) {
  hotroute::Request profile(route.url_name, request.method);
  if (request.matches.size() > 1) profile.SetLabel("shop", request.matches[1].str());
  Handle(route, request, response);
  profile.SetStatus(response.status);
  tally_.Count(route.url_name, std::to_string(response.status));
}

void Server::Handle(const Route& route, const httplib::Request& request,
                    httplib::Response& response) {
  try {
    (handlers_.*route.handle)(request, response);
  } catch (const NotFound& missing) {
    response.status = 404;
    response.set_content(ErrorJson(missing.what()), "application/json");
  } catch (const std::exception& error) {
    response.status = 500;
    response.set_content(ErrorJson(error.what()), "application/json");
  }
}

}  // namespace ticketshop
