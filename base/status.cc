#include "base/status.h"

#include <cassert>
#include <cerrno>
#include <system_error>

namespace hotroute {

Status::Status(StatusCode code, std::string message)
    : state_(std::make_unique<State>(State{code, std::move(message)})) {
  assert(code != StatusCode::kOk);
}

Status::Status(const Status& other)
    : state_(other.state_ ? std::make_unique<State>(*other.state_) : nullptr) {}

Status& Status::operator=(const Status& other) {
  if (this != &other) state_ = other.state_ ? std::make_unique<State>(*other.state_) : nullptr;
  return *this;
}

const std::string& Status::message() const {
  static const std::string kEmpty;
  return state_ ? state_->message : kEmpty;
}

Status InvalidArgument(std::string message) {
  return {StatusCode::kInvalidArgument, std::move(message)};
}
Status NotFound(std::string message) { return {StatusCode::kNotFound, std::move(message)}; }
Status Corruption(std::string message) { return {StatusCode::kCorruption, std::move(message)}; }
Status Unsupported(std::string message) { return {StatusCode::kUnsupported, std::move(message)}; }
Status Exhausted(std::string message) { return {StatusCode::kExhausted, std::move(message)}; }
Status Unavailable(std::string message) { return {StatusCode::kUnavailable, std::move(message)}; }
Status Internal(std::string message) { return {StatusCode::kInternal, std::move(message)}; }

Status IoError(std::string_view what, std::string_view path, int error_number) {
  std::string message(what);
  message += ' ';
  message += path;
  message += ": ";
  message += std::generic_category().message(error_number);
  const bool full = error_number == ENOSPC || error_number == EDQUOT;
  return {full ? StatusCode::kExhausted : StatusCode::kIo, std::move(message)};
}

}  // namespace hotroute
