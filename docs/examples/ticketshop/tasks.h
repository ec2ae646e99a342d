// The two background tasks: send_mail and expire_carts.
//
// Each returns its task status. Mails go to an outbox file in the shop's directory; nothing leaves
// the machine.
#pragma once

#include <string>

#include "ticketshop/database.h"
#include "ticketshop/task_queue.h"

namespace ticketshop {

struct Mail {
  std::string to;
  std::string subject;
  std::string attachment;  // bytes; sent as base64
};

// Appends one mail to `outbox`. kExpectedError when the address bounces, kError when it is no
// address.
hotroute::TaskStatus SendMail(const std::string& outbox, const Mail& mail);

// Frees the places of old carts. kExpectedError when another writer held the database for too long.
hotroute::TaskStatus ExpireOldCarts(Database& database);

}  // namespace ticketshop
