// Status and Result<T>: how every function below the edge reports failure.
//
// Success costs one null pointer. A failure carries a code, and a message that names the object (a
// path, an offset, an option) and ends with the cause. Nothing here prints; only main() and the
// HTTP edge do.
#pragma once

#include <cassert>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hotroute {

enum class StatusCode {
  kOk,
  kInvalidArgument,  // the caller's value cannot be used; the message names the allowed range
  kNotFound,         // the named thing does not exist
  kCorruption,       // bytes on disk do not check out
  kIo,               // the operating system refused; the message ends with its reason
  kUnsupported,      // written by a newer version, or not available here
  kExhausted,        // a stated limit is reached
  kUnavailable,      // busy or not yet; trying again may help
  kInternal,         // our own mistake
};

// Thread-compatible.
class [[nodiscard]] Status {
 public:
  Status() = default;
  // Requires code != kOk.
  Status(StatusCode code, std::string message);
  Status(const Status& other);
  Status& operator=(const Status& other);
  Status(Status&&) noexcept = default;
  Status& operator=(Status&&) noexcept = default;
  ~Status() = default;

  bool ok() const { return state_ == nullptr; }
  StatusCode code() const { return state_ ? state_->code : StatusCode::kOk; }
  // Empty when ok.
  const std::string& message() const;

 private:
  struct State {
    StatusCode code;
    std::string message;
  };
  std::unique_ptr<State> state_;
};

Status InvalidArgument(std::string message);
Status NotFound(std::string message);
Status Corruption(std::string message);
Status Unsupported(std::string message);
Status Exhausted(std::string message);
Status Unavailable(std::string message);
Status Internal(std::string message);
// "<what> <path>: <strerror(error_number)>"; kExhausted for a full disk or quota, kIo for the rest.
Status IoError(std::string_view what, std::string_view path, int error_number);

// A value or the reason why there is none. Thread-compatible. Requires for value(): ok().
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}
  // Requires !status.ok(): a success without a value would be passed on as one by the macros below.
  Result(Status status) : status_(std::move(status)) { assert(!status_.ok()); }

  bool ok() const { return value_.has_value(); }
  const Status& status() const { return status_; }
  T& value() { return *value_; }
  const T& value() const { return *value_; }
  T& operator*() { return *value_; }
  const T& operator*() const { return *value_; }
  T* operator->() { return &*value_; }
  const T* operator->() const { return &*value_; }

 private:
  std::optional<T> value_;
  Status status_;
};

}  // namespace hotroute

#define HOTROUTE_RETURN_IF_ERROR(expression)                                      \
  do {                                                                            \
    if (::hotroute::Status status_ = (expression); !status_.ok()) return status_; \
  } while (false)

#define HOTROUTE_CONCAT_INNER(a, b) a##b
#define HOTROUTE_CONCAT(a, b) HOTROUTE_CONCAT_INNER(a, b)
#define HOTROUTE_ASSIGN_OR_RETURN(declaration, expression) \
  HOTROUTE_ASSIGN_OR_RETURN_INNER(HOTROUTE_CONCAT(result_, __LINE__), declaration, expression)
#define HOTROUTE_ASSIGN_OR_RETURN_INNER(result, declaration, expression) \
  auto result = (expression);                                            \
  if (!result.ok()) return result.status();                              \
  declaration = std::move(result.value())
