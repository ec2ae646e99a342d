// What a reader sees of a file that the library wrote: its header and the records of each frame.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "proto/frame.h"
#include "proto/hotroute/v1/records.pb.h"

namespace hotroute {

struct WrittenFile {
  FileHeader header;
  std::vector<v1::Payload> frames;
  uint64_t bytes = 0;

  // All frames as one, as a reader takes them.
  v1::Payload All() const;
  // The last loss counters of the file by name.
  std::map<std::string, uint64_t> Losses() const;
};

// Fails the running test when the file is damaged anywhere.
WrittenFile ReadWritten(const std::string& path, FileKind kind);

// The definitions of `payload` by id; definitions that contradict each other fail the running test.
struct Definitions {
  std::map<uint32_t, std::string> strings;
  std::map<uint32_t, std::string> modules;                      // path
  std::map<uint32_t, std::pair<uint32_t, uint64_t>> locations;  // module, offset
  std::map<uint32_t, std::pair<uint32_t, uint32_t>> nodes;      // parent, location
  bool operator==(const Definitions&) const = default;

  // "main;serve+0x20": module paths and offsets, root first.
  std::string Stack(uint32_t node) const;
};
Definitions DefinitionsOf(const v1::Payload& payload);

// Paths of the files below `directory`, sorted.
std::vector<std::string> FilesBelow(const std::string& directory);

}  // namespace hotroute
