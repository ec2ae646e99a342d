#include "ticketshop/schema.h"

#include "ticketshop/seeded_orders.h"

namespace ticketshop {
namespace {

constexpr const char* kTables = R"sql(
CREATE TABLE IF NOT EXISTS shop (id INTEGER PRIMARY KEY, slug TEXT UNIQUE NOT NULL, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS event (
  id INTEGER PRIMARY KEY, shop_id INTEGER NOT NULL REFERENCES shop, slug TEXT NOT NULL, name TEXT NOT NULL,
  UNIQUE (shop_id, slug));
CREATE TABLE IF NOT EXISTS time_slot (
  id INTEGER PRIMARY KEY, event_id INTEGER NOT NULL REFERENCES event, starts_at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS time_slot_event ON time_slot (event_id, starts_at);
CREATE TABLE IF NOT EXISTS product (
  id INTEGER PRIMARY KEY, event_id INTEGER NOT NULL REFERENCES event, name TEXT NOT NULL,
  price_cents INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS quota (
  id INTEGER PRIMARY KEY, slot_id INTEGER NOT NULL REFERENCES time_slot, size INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS quota_slot ON quota (slot_id);
CREATE TABLE IF NOT EXISTS orders (
  id INTEGER PRIMARY KEY, code TEXT UNIQUE, shop_id INTEGER NOT NULL REFERENCES shop,
  slot_id INTEGER NOT NULL REFERENCES time_slot, product_id INTEGER NOT NULL REFERENCES product,
  email TEXT NOT NULL DEFAULT '', status TEXT NOT NULL, created_at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS orders_slot ON orders (slot_id);
CREATE INDEX IF NOT EXISTS orders_shop ON orders (shop_id, id);
CREATE INDEX IF NOT EXISTS orders_status ON orders (status, created_at);
)sql";

constexpr int64_t kFirstSlot = 1'767'250'800;  // 2026-01-01 07:00 UTC
constexpr int64_t kSlotSeconds = 15 * 60;
constexpr int64_t kQuotaSize = 400;

struct ShopSeed {
  const char* slug;
  const char* name;
  const char* event;
};
constexpr ShopSeed kShops[] = {{"museum", "City Museum", "Permanent exhibition"},
                               {"theatre", "Theatre on the Square", "The Tempest"},
                               {"zoo", "Zoological Garden", "Day at the zoo"},
                               {"opera", "State Opera", "The Magic Flute"},
                               {"cinema", "Corner Cinema", "Silent film night"}};

int64_t Insert(Connection& connection, Statement& statement) {
  statement.Step();
  return connection.last_insert_id();
}

int64_t SeedSlots(Connection& connection, int64_t event, int64_t count) {
  int64_t first = 0;
  for (int64_t i = 0; i < count; ++i) {
    const int64_t slot = Insert(
        connection, connection.Prepare("INSERT INTO time_slot (event_id, starts_at) VALUES (?, ?)")
                        .Bind(event)
                        .Bind(kFirstSlot + i * kSlotSeconds));
    Insert(connection, connection.Prepare("INSERT INTO quota (slot_id, size) VALUES (?, ?)")
                           .Bind(slot)
                           .Bind(kQuotaSize));
    if (i == 0) first = slot;
  }
  return first;
}

void SeedShop(Connection& connection, const ShopSeed& seed, int64_t slots) {
  const int64_t shop =
      Insert(connection, connection.Prepare("INSERT INTO shop (slug, name) VALUES (?, ?)")
                             .Bind(seed.slug)
                             .Bind(seed.name));
  const int64_t event =
      Insert(connection,
             connection.Prepare("INSERT INTO event (shop_id, slug, name) VALUES (?, 'main', ?)")
                 .Bind(shop)
                 .Bind(seed.event));
  const int64_t product = Insert(
      connection,
      connection
          .Prepare("INSERT INTO product (event_id, name, price_cents) VALUES (?, 'Adult', 1400)")
          .Bind(event));
  const int64_t slot = SeedSlots(connection, event, slots);
  for (int64_t i = 1; i <= kSeededOrders; ++i) {
    Insert(connection,
           connection
               .Prepare("INSERT INTO orders (code, shop_id, slot_id, product_id, email, status, "
                        "created_at) VALUES (?, ?, ?, ?, 'guest@example.org', 'paid', ?)")
               .Bind(SeededOrderCode(seed.slug, i))
               .Bind(shop)
               .Bind(slot)
               .Bind(product)
               .Bind(kFirstSlot));
  }
}

bool HasShops(Connection& connection) {
  return connection.Prepare("SELECT 1 FROM shop LIMIT 1").Step();
}

}  // namespace

void CreateAndSeed(Connection& connection, const SeedOptions& options) {
  Transaction transaction(connection);
  connection.Execute(kTables);
  if (!HasShops(connection)) {
    for (const ShopSeed& seed : kShops) {
      const bool museum = std::string_view(seed.slug) == "museum";
      SeedShop(connection, seed, museum ? options.museum_slots : options.other_slots);
    }
  }
  transaction.Commit();
}

}  // namespace ticketshop
