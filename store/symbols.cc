#include "store/symbols.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "hotroute/v1/records.pb.h"

namespace hotroute::store {

SymbolTable SymbolTable::Read(const FileReader& file, FileScan* scan) {
  SymbolTable table;
  *scan = file.ReadRecords([&](int field, std::string_view record) {
    return field != v1::Payload::kSymbolsFieldNumber || table.Add(record);
  });
  table.Sort();
  return table;
}

bool SymbolTable::Add(std::string_view record) {
  v1::SymbolTable symbols;
  if (!symbols.ParseFromArray(record.data(), static_cast<int>(record.size()))) return false;
  if (symbols.start_delta_size() != symbols.size_size()) return false;
  // Positions of names have 32 bits; no module has 4 GiB of names.
  if (names_.size() + symbols.names().size() > UINT32_MAX) return false;
  const std::string& names = symbols.names();
  // Kept before the functions are, for those that come before a missing name stay usable.
  const size_t base = names_.size();
  names_ += names;
  uint64_t start = 0;
  size_t name_at = 0;
  for (int i = 0; i < symbols.size_size(); ++i) {
    const size_t name_end = names.find('\0', name_at);
    if (name_end == std::string::npos) return false;
    start += symbols.start_delta(i);
    functions_.push_back({start, symbols.size(i), 0, static_cast<uint32_t>(base + name_at),
                          static_cast<uint32_t>(name_end - name_at)});
    name_at = name_end + 1;
  }
  return true;
}

void SymbolTable::Sort() {
  std::stable_sort(functions_.begin(), functions_.end(),
                   [](const Function& a, const Function& b) { return a.start < b.start; });
  uint64_t reach = 0;
  for (Function& function : functions_) {
    const uint64_t end = function.start + function.size;
    // A size that wraps around is nonsense and reaches nowhere.
    if (end > function.start) reach = std::max(reach, end);
    function.reach = reach;
  }
}

Symbol SymbolTable::SymbolOf(const Function& function) const {
  return {function.start, function.size,
          std::string_view(names_).substr(function.name_begin, function.name_size)};
}

std::optional<Symbol> SymbolTable::Lookup(uint64_t offset) const {
  const auto after = std::upper_bound(
      functions_.begin(), functions_.end(), offset,
      [](uint64_t wanted, const Function& function) { return wanted < function.start; });
  const Function* unsized = nullptr;
  for (auto at = after; at != functions_.begin();) {
    --at;
    if (at->size != 0 && offset - at->start < at->size) return SymbolOf(*at);
    // A function of unknown size reaches to the next start, so only the nearest start counts.
    if (at->size == 0 && at->start == std::prev(after)->start) unsized = &*at;
    if (at->reach <= offset && at->start != std::prev(after)->start) break;
  }
  if (unsized == nullptr) return std::nullopt;
  return SymbolOf(*unsized);
}

std::optional<Symbol> SymbolStore::Lookup(std::string_view build_id, uint64_t offset) {
  if (build_id.empty()) return std::nullopt;
  return TableOf(build_id).Lookup(offset);
}

const SymbolTable& SymbolStore::TableOf(std::string_view build_id) {
  const auto [entry, inserted] = tables_.try_emplace(std::string(build_id));
  if (!inserted) return *entry->second;
  entry->second = std::make_unique<SymbolTable>();
  const Result<FileReader> file =
      FileReader::Open(layout_.SymbolFile(build_id), FileKind::kSymbols);
  if (file.ok()) {
    FileScan scan;
    *entry->second = SymbolTable::Read(*file, &scan);
    for (const Finding& finding : scan.findings) {
      if (!finding.incomplete) damage_.push_back(FindingLine(finding));
    }
  } else if (file.status().code() != StatusCode::kNotFound) {
    damage_.push_back(file.status().message());
  }
  return *entry->second;
}

}  // namespace hotroute::store
