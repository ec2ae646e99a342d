#include "proto/layout.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <vector>

namespace hotroute {
namespace {

constexpr size_t kMaxHostBytes = 64;

bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_';
}

// Hosts have '-' in their names and our separator is '-', hence the reduction.
std::string ReducedHost(std::string_view host) {
  std::string reduced(host);
  std::replace_if(
      reduced.begin(), reduced.end(), [](char c) { return !IsNameCharacter(c); }, '_');
  if (reduced.empty() || reduced[0] == '.') reduced.insert(0, "_");
  return reduced.substr(0, kMaxHostBytes);
}

template <typename T>
bool ParseNumber(std::string_view text, int base, T* value) {
  T parsed{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parsed, base);
  if (error != std::errc() || end != text.data() + text.size()) return false;
  *value = parsed;
  return true;
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string Formatted(const char* format, auto... values) {
  char buffer[160];
  const int size = std::snprintf(buffer, sizeof buffer, format, values...);
  assert(size >= 0 && static_cast<size_t>(size) < sizeof buffer);
  return std::string(buffer, static_cast<size_t>(size));
}

}  // namespace

std::string Layout::SegmentHourDirectory(int64_t start_us) const {
  const time_t seconds = static_cast<time_t>(start_us / 1'000'000);
  tm utc{};
  gmtime_r(&seconds, &utc);
  return SegmentsDirectory() + Formatted("/%04d%02d%02d%02d", utc.tm_year + 1900, utc.tm_mon + 1,
                                         utc.tm_mday, utc.tm_hour);
}

std::string Layout::SegmentFile(int64_t start_us, const WriterFileName& name) const {
  return SegmentHourDirectory(start_us) + "/" + EncodeWriterFileName(name, kSegmentSuffix);
}

std::string Layout::MetricsFile(const WriterFileName& name) const {
  return MetricsDirectory() + "/" + EncodeWriterFileName(name, kMetricsSuffix);
}

std::string Layout::SymbolFile(std::string_view build_id_bytes) const {
  return SymbolsDirectory() + "/" + ToHex(build_id_bytes) + std::string(kSymbolsSuffix);
}

std::string ToHex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    text.push_back(kDigits[static_cast<uint8_t>(c) >> 4]);
    text.push_back(kDigits[static_cast<uint8_t>(c) & 15]);
  }
  return text;
}

std::optional<std::string> FromHex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (size_t i = 0; i < text.size(); i += 2) {
    unsigned value = 0;
    if (!ParseNumber(text.substr(i, 2), 16, &value)) return std::nullopt;
    bytes.push_back(static_cast<char>(value));
  }
  return bytes;
}

std::string UuidText(const Uuid& uuid) {
  std::string text = ToHex({reinterpret_cast<const char*>(uuid.data()), uuid.size()});
  for (const size_t at : {20u, 16u, 12u, 8u}) text.insert(at, "-");
  return text;
}

std::string EncodeWriterFileName(const WriterFileName& name, std::string_view suffix) {
  return ReducedHost(name.host) +
         Formatted("-%llu-%08x-%06u", static_cast<unsigned long long>(name.pid), name.writer_id,
                   name.number) +
         std::string(suffix);
}

std::optional<WriterFileName> ParseWriterFileName(std::string_view file_name,
                                                  std::string_view suffix) {
  if (!file_name.ends_with(suffix)) return std::nullopt;
  const std::vector<std::string_view> parts =
      Split(file_name.substr(0, file_name.size() - suffix.size()), '-');
  WriterFileName name;
  if (parts.size() != 4 || parts[0].empty()) return std::nullopt;
  name.host = parts[0];
  if (!ParseNumber(parts[1], 10, &name.pid) || !ParseNumber(parts[2], 16, &name.writer_id) ||
      !ParseNumber(parts[3], 10, &name.number)) {
    return std::nullopt;
  }
  // Only what EncodeWriterFileName would have written is ours.
  if (EncodeWriterFileName(name, suffix) != file_name) return std::nullopt;
  return name;
}

std::string ProfileIdText(uint32_t writer_id, uint64_t number) {
  return Formatted("%08x-%llu", writer_id, static_cast<unsigned long long>(number));
}

std::optional<ProfileId> ParseProfileId(std::string_view text) {
  const std::vector<std::string_view> parts = Split(text, '-');
  ProfileId id;
  if (parts.size() != 2 || parts[0].size() != 8 || !ParseNumber(parts[0], 16, &id.writer_id) ||
      !ParseNumber(parts[1], 10, &id.number)) {
    return std::nullopt;
  }
  return id;
}

std::string EncodeStoreFile(const StoreIdentity& identity) {
  return "hotroute data directory\nformat: " + std::to_string(identity.format) +
         "\nid: " + UuidText(identity.id) + "\ncreated: " + identity.created + "\n";
}

Result<StoreIdentity> ParseStoreFile(std::string_view text, std::string_view path) {
  const std::string where(path);
  const std::vector<std::string_view> lines = Split(text, '\n');
  if (lines[0] != "hotroute data directory") {
    return Corruption(where + ": not a hotroute STORE file; is this another program's directory?");
  }
  StoreIdentity identity;
  identity.format = 0;
  bool has_id = false;
  for (const std::string_view line : lines) {
    const size_t colon = line.find(": ");
    if (colon == std::string_view::npos) continue;
    const std::string_view key = line.substr(0, colon);
    const std::string_view value = line.substr(colon + 2);
    if (key == "format") ParseNumber(value, 10, &identity.format);
    if (key == "created") identity.created = value;
    if (key == "id") {
      std::string hex(value);
      std::erase(hex, '-');
      const std::optional<std::string> bytes = FromHex(hex);
      has_id = bytes && bytes->size() == identity.id.size();
      if (has_id) std::copy(bytes->begin(), bytes->end(), identity.id.begin());
    }
  }
  if (identity.format > kStoreFormat) {
    return Unsupported(where + ": the data directory has format " +
                       std::to_string(identity.format) + ", this program knows up to " +
                       std::to_string(kStoreFormat) + "; use a newer hotroute");
  }
  if (identity.format < 1 || !has_id) {
    return Corruption(
        where + ": damaged; restore it from a backup, or move the directory away and start afresh");
  }
  return identity;
}

}  // namespace hotroute
