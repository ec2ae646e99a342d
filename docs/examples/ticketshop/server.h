// The HTTP server: the table of routes, and the one wrapper that profiles each request with
// hotroute.
//
// Listens on 127.0.0.1 only.
#pragma once

#include <httplib.h>

#include <thread>

#include "ticketshop/handlers.h"
#include "ticketshop/tally.h"

namespace ticketshop {

struct Route {
  const char* url_name;
  const char* method;
  const char* pattern;  // its first capture, if any, is the shop
  void (Handlers::*handle)(const httplib::Request&, httplib::Response&);
};

// Thread-safe once constructed; constructed and stopped by one thread.
class Server {
 public:
  // Port 0 takes a free one. Throws std::runtime_error when the port cannot be had.
  Server(Handlers& handlers, int port, int threads);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  int port() const { return port_; }
  // Requests by url_name and status.
  const Tally& tally() const { return tally_; }
  // Finishes the requests being served. A second call does nothing.
  void Stop();

 private:
  void Add(const Route& route);
  void Serve(const Route& route, const httplib::Request& request, httplib::Response& response);
  void Handle(const Route& route, const httplib::Request& request, httplib::Response& response);

  Handlers& handlers_;
  Tally tally_;
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace ticketshop
