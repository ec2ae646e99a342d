#include "tests/unit/profiler/written_file.h"

#include <algorithm>
#include <filesystem>

#include "base/file.h"
#include "gtest/gtest.h"

namespace hotroute {
namespace {

// Adds `value` under `id`, and requires that it is what stood there before, if anything did.
template <typename Value>
void Define(std::map<uint32_t, Value>* table, uint32_t id, Value value) {
  const auto [known, is_new] = table->try_emplace(id, value);
  EXPECT_TRUE(is_new || known->second == value) << "id " << id << " has two meanings";
}

}  // namespace

v1::Payload WrittenFile::All() const {
  v1::Payload all;
  for (const v1::Payload& frame : frames) all.MergeFrom(frame);
  return all;
}

std::map<std::string, uint64_t> WrittenFile::Losses() const {
  const v1::Payload all = All();
  std::map<std::string, uint64_t> losses;
  if (all.losses_size() == 0) return losses;
  const v1::LossCounts& last = all.losses(all.losses_size() - 1);
  for (int i = 0; i < last.name_size(); ++i) losses[last.name(i)] = last.count(i);
  return losses;
}

WrittenFile ReadWritten(const std::string& path, FileKind kind) {
  WrittenFile file;
  const Result<std::string> bytes = ReadFile(path);
  EXPECT_TRUE(bytes.ok()) << bytes.status().message();
  if (!bytes.ok()) return file;
  file.bytes = bytes->size();
  const Result<FileHeader> header = DecodeFileHeader(*bytes, kind, path);
  EXPECT_TRUE(header.ok()) << header.status().message();
  if (header.ok()) file.header = *header;
  const auto on_frame = [&](const Frame& frame) {
    std::string buffer;
    const Result<std::string_view> payload = DecodePayload(frame, &buffer);
    EXPECT_TRUE(payload.ok()) << payload.status().message();
    if (!payload.ok()) return;
    EXPECT_TRUE(file.frames.emplace_back().ParseFromArray(payload->data(),
                                                          static_cast<int>(payload->size())));
  };
  const ScanResult scan =
      ScanFrames(*bytes, kFileHeaderBytes, 1, on_frame,
                 [&](const Damage& damage) { ADD_FAILURE() << path << " at " << damage.offset; });
  EXPECT_EQ(scan.missing, 0u);
  return file;
}

std::string Definitions::Stack(uint32_t node) const {
  std::string text;
  for (; node != 0; node = nodes.at(node).first) {
    const auto& [module, offset] = locations.at(nodes.at(node).second);
    char frame[32];
    std::snprintf(frame, sizeof frame, "+0x%llx", static_cast<unsigned long long>(offset));
    text = modules.at(module) + frame + (text.empty() ? "" : ";") + text;
  }
  return text;
}

Definitions DefinitionsOf(const v1::Payload& payload) {
  Definitions all;
  for (const v1::StringTable& table : payload.strings()) {
    for (int i = 0; i < table.values_size(); ++i)
      Define(&all.strings, table.first_id() + i, table.values(i));
  }
  for (const v1::ModuleTable& table : payload.modules()) {
    for (int i = 0; i < table.modules_size(); ++i)
      Define(&all.modules, table.first_id() + i, table.modules(i).path());
  }
  for (const v1::LocationTable& table : payload.locations()) {
    for (int i = 0; i < table.offset_size(); ++i)
      Define(&all.locations, table.first_id() + i, {table.module_id(i), table.offset(i)});
  }
  for (const v1::NodeTable& table : payload.nodes()) {
    for (int i = 0; i < table.location_id_size(); ++i) {
      const uint32_t id = table.first_id() + i;
      EXPECT_GE(table.parent_distance(i), 1u) << "a parent stands before its children";
      Define(&all.nodes, id, {id - table.parent_distance(i), table.location_id(i)});
    }
  }
  return all;
}

std::vector<std::string> FilesBelow(const std::string& directory) {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace hotroute
