#include "ticketshop/tasks.h"

#include <cstdint>
#include <fstream>
#include <stdexcept>

#include "ticketshop/orders.h"

namespace ticketshop {
namespace {

using hotroute::TaskStatus;

constexpr int64_t kCartSeconds = 2;
constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string Base64(std::string_view bytes) {
  std::string out;
  uint32_t bits = 0;
  int count = 0;
  for (const char byte : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(byte);
    for (count += 8; count >= 6; count -= 6) out += kBase64[bits >> (count - 6) & 63];
  }
  if (count > 0) out += kBase64[bits << (6 - count) & 63];
  out.append((4 - out.size() % 4) % 4, '=');
  return out;
}

}  // namespace

TaskStatus SendMail(const std::string& outbox, const Mail& mail) {
  const size_t at = mail.to.find('@');
  if (at == std::string::npos) return TaskStatus::kError;
  if (mail.to.substr(at) == "@bounce.example") return TaskStatus::kExpectedError;
  std::ofstream file(outbox, std::ios::app | std::ios::binary);
  file << "To: " << mail.to << "\nSubject: " << mail.subject
       << "\nContent-Transfer-Encoding: base64\n\n" + Base64(mail.attachment) + "\n\n";
  if (!file.flush()) throw std::runtime_error("cannot write " + outbox);
  return TaskStatus::kSuccess;
}

TaskStatus ExpireOldCarts(Database& database) {
  try {
    ExpireCarts(*database.Borrow(), kCartSeconds);
    return TaskStatus::kSuccess;
  } catch (const DatabaseBusy&) {
    return TaskStatus::kExpectedError;
  }
}

}  // namespace ticketshop
