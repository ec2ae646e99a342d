// hotroute in C++: the functions of hotroute.h as scopes.
//
//   hotroute::Options options = hotroute::Options::FromEnvironment();
//   std::string error;
//   if (!hotroute::Start(options, &error)) std::cerr << error << "\n";     // the service runs on,
//   unprofiled
//
//   hotroute::Request request("event.index", "GET");                       // profiled with
//   probability `fraction` request.SetLabel("shop", shop_name); request.SetStatus(200); // ends
//   with the scope
//
// Header-only over the C interface: thread-safety, cost and limits are stated there. Nothing here
// throws, except that copying strings into Options may run out of memory.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <locale>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hotroute/hotroute.h"

namespace hotroute {

struct Options {
  std::string data_dir;
  std::string service;    // empty: the program's name
  std::string build;      // empty: the executable's build-id, shortened
  std::string host;       // empty: the host name
  double fraction = 0.1;  // 0 to 1
  std::vector<std::pair<std::string, double>>
      route_fractions;                       // "event.index" or "api.*", fraction
  std::vector<std::string> excluded_routes;  // "healthcheck" or "static.*"
  double sample_hz = 100;                    // 1 to 1000
  double slow_threshold_ms = 0;              // 0: off
  bool keep_errors = false;
  uint64_t max_bytes = uint64_t{4} << 30;  // 0: no cap

  // Why FromEnvironment could not use a variable; Start refuses with it.
  std::string environment_error;

  // Defaults, overridden by HOTROUTE_DATA_DIR, _SERVICE, _BUILD, _HOST, _FRACTION, _ROUTE_FRACTIONS
  // ("api.*=1,cart.add=0.5"), _EXCLUDED_ROUTES ("healthcheck,static.*"), _SAMPLE_HZ,
  // _SLOW_THRESHOLD_MS, _KEEP_ERRORS (0 or 1), _MAX_BYTES.
  static Options FromEnvironment();
};

namespace internal {

inline bool ParseDouble(const std::string& text, double* value) {
  // Not strtod: the host's locale may want a decimal comma.
  std::istringstream stream(text);
  stream.imbue(std::locale::classic());
  return stream >> *value && stream.peek() == std::istringstream::traits_type::eof();
}

// Calls `use` with each comma-separated part of `text` that is not empty.
template <typename Use>
void ForEachPart(const std::string& text, Use use) {
  for (size_t begin = 0; begin < text.size();) {
    const size_t comma = text.find(',', begin);
    const size_t end = comma == std::string::npos ? text.size() : comma;
    if (end > begin) use(text.substr(begin, end - begin));
    begin = end + 1;
  }
}

class EnvironmentReader {
 public:
  explicit EnvironmentReader(std::string* error) : error_(error) {}

  void Text(const char* name, std::string* out) const {
    if (const char* value = std::getenv(name)) *out = value;
  }
  void Number(const char* name, double* out) const {
    if (const char* value = std::getenv(name)) Parse(name, value, out);
  }
  void Bytes(const char* name, uint64_t* out) const {
    double number = 0;
    if (const char* value = std::getenv(name)) {
      if (!Parse(name, value, &number)) return;
      if (!(number >= 0 && number < 1e19)) return Fail(name, value, "a number of bytes, 0 or more");
      *out = static_cast<uint64_t>(number);
    }
  }
  void Flag(const char* name, bool* out) const {
    const char* value = std::getenv(name);
    if (value == nullptr) return;
    const std::string_view text = value;
    if (text != "0" && text != "1") return Fail(name, value, "0 or 1");
    *out = text == "1";
  }
  void List(const char* name, std::vector<std::string>* out) const {
    if (const char* value = std::getenv(name))
      ForEachPart(value, [&](std::string part) { out->push_back(std::move(part)); });
  }
  void Fractions(const char* name, std::vector<std::pair<std::string, double>>* out) const {
    const char* value = std::getenv(name);
    if (value == nullptr) return;
    ForEachPart(value, [&](const std::string& part) {
      const size_t equals = part.rfind('=');
      double fraction = 0;
      if (equals == std::string::npos || !ParseDouble(part.substr(equals + 1), &fraction)) {
        return Fail(name, part, "route=fraction, separated by commas");
      }
      out->emplace_back(part.substr(0, equals), fraction);
    });
  }

 private:
  bool Parse(const char* name, const char* value, double* out) const {
    if (ParseDouble(value, out)) return true;
    Fail(name, value, "a number");
    return false;
  }
  void Fail(const char* name, const std::string& value, const char* expected) const {
    if (error_->empty()) *error_ = std::string(name) + ": \"" + value + "\" is not " + expected;
  }

  std::string* error_;
};

}  // namespace internal

inline Options Options::FromEnvironment() {
  Options options;
  const internal::EnvironmentReader read(&options.environment_error);
  read.Text("HOTROUTE_DATA_DIR", &options.data_dir);
  read.Text("HOTROUTE_SERVICE", &options.service);
  read.Text("HOTROUTE_BUILD", &options.build);
  read.Text("HOTROUTE_HOST", &options.host);
  read.Number("HOTROUTE_FRACTION", &options.fraction);
  read.Fractions("HOTROUTE_ROUTE_FRACTIONS", &options.route_fractions);
  read.List("HOTROUTE_EXCLUDED_ROUTES", &options.excluded_routes);
  read.Number("HOTROUTE_SAMPLE_HZ", &options.sample_hz);
  read.Number("HOTROUTE_SLOW_THRESHOLD_MS", &options.slow_threshold_ms);
  read.Flag("HOTROUTE_KEEP_ERRORS", &options.keep_errors);
  read.Bytes("HOTROUTE_MAX_BYTES", &options.max_bytes);
  return options;
}

// False, with the reason in *error when it is not null, when profiling cannot start. The process is
// then as before.
inline bool Start(const Options& options, std::string* error) {
  if (!options.environment_error.empty()) {
    if (error != nullptr) *error = options.environment_error;
    return false;
  }
  std::vector<hotroute_route_fraction> fractions;
  for (const auto& [route, fraction] : options.route_fractions)
    fractions.push_back({route.c_str(), fraction});
  std::vector<const char*> excluded;
  for (const std::string& route : options.excluded_routes) excluded.push_back(route.c_str());
  hotroute_options c;
  hotroute_options_init(&c);
  c.data_dir = options.data_dir.c_str();
  if (!options.service.empty()) c.service = options.service.c_str();
  if (!options.build.empty()) c.build = options.build.c_str();
  if (!options.host.empty()) c.host = options.host.c_str();
  c.fraction = options.fraction;
  c.route_fractions = fractions.data();
  c.route_fraction_count = fractions.size();
  c.excluded_routes = excluded.data();
  c.excluded_route_count = excluded.size();
  c.sample_hz = options.sample_hz;
  c.slow_threshold_ms = options.slow_threshold_ms;
  c.keep_errors = options.keep_errors;
  c.max_bytes = options.max_bytes;
  char message[1024];
  const bool started = hotroute_start(&c, message, sizeof message);
  if (!started && error != nullptr) *error = message;
  return started;
}

inline void Stop() noexcept { hotroute_stop(); }

// False, with the allowed range in *error when it is not null, for a fraction outside 0 to 1.
inline bool SetFraction(double fraction, std::string* error = nullptr) {
  char message[256];
  const bool accepted = hotroute_set_fraction(fraction, message, sizeof message);
  if (!accepted && error != nullptr) *error = message;
  return accepted;
}

using Stats = hotroute_stats;

inline Stats GetStats() noexcept {
  Stats stats{};
  stats.struct_size = sizeof stats;
  hotroute_get_stats(&stats);
  return stats;
}

// Begins with the constructor, ends with End() or the destructor, on whatever thread. Not copied,
// not moved: its address may be known to the library. Thread-compatible.
class Request {
 public:
  explicit Request(std::string_view url_name, std::string_view method = {}) noexcept {
    hotroute_request_begin(&request_, url_name.data(), url_name.size(), method.data(),
                           method.size());
  }
  ~Request() { End(); }
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;

  void SetStatus(int status) noexcept { hotroute_request_set_status(&request_, status); }
  void SetLabel(std::string_view key, std::string_view value) noexcept {
    hotroute_request_set_label(&request_, key.data(), key.size(), value.data(), value.size());
  }
  void SetTraceId(std::string_view bytes) noexcept {
    hotroute_request_set_trace_id(&request_, bytes.data(), bytes.size());
  }
  void End() noexcept { hotroute_request_end(&request_); }

 private:
  hotroute_request request_ = HOTROUTE_REQUEST_INIT;
};

enum class TaskStatus {
  kSuccess = HOTROUTE_TASK_SUCCESS,
  kError = HOTROUTE_TASK_ERROR,
  kExpectedError = HOTROUTE_TASK_EXPECTED_ERROR,
};

// A background task; otherwise as Request.
class Task {
 public:
  explicit Task(std::string_view task_name) noexcept {
    hotroute_task_begin(&task_, task_name.data(), task_name.size());
  }
  ~Task() { End(); }
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;

  void SetStatus(TaskStatus status) noexcept {
    hotroute_task_set_status(&task_, static_cast<hotroute_task_status>(status));
  }
  void SetLabel(std::string_view key, std::string_view value) noexcept {
    hotroute_request_set_label(&task_, key.data(), key.size(), value.data(), value.size());
  }
  void SetTraceId(std::string_view bytes) noexcept {
    hotroute_request_set_trace_id(&task_, bytes.data(), bytes.size());
  }
  void End() noexcept { hotroute_request_end(&task_); }

 private:
  hotroute_request task_ = HOTROUTE_REQUEST_INIT;
};

}  // namespace hotroute
