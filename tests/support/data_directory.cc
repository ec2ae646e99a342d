#include "tests/support/data_directory.h"

#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace hotroute::testing {
namespace {

std::string MakeTemporaryDirectory() {
  std::string name = (std::filesystem::temp_directory_path() / "hotroute-test-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
  return name;
}

}  // namespace

DataDirectory::DataDirectory() : layout_(MakeTemporaryDirectory()) {
  StoreIdentity identity;
  identity.id[0] = 1;
  identity.created = "2026-11-18T00:00:00Z";
  WriteFile("STORE", EncodeStoreFile(identity));
}

DataDirectory::~DataDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path(), ignored);
}

std::string DataDirectory::WriteBytes(const SegmentBuilder& builder, const std::string& bytes) {
  const TestWriter& writer = builder.writer();
  const std::string file = builder.kind() == FileKind::kSegment
                               ? layout_.SegmentFile(writer.start_us, writer.name)
                               : layout_.MetricsFile(writer.name);
  return WriteFile(file.substr(path().size() + 1), bytes);
}

void DataDirectory::WriteSymbols(const std::string& bytes) {
  WriteFile(layout_.SymbolFile(kTestBuildId).substr(path().size() + 1), bytes);
}

std::string DataDirectory::WriteFile(const std::string& name, const std::string& bytes) {
  const std::filesystem::path file = std::filesystem::path(path()) / name;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!stream.flush()) throw std::runtime_error("cannot write " + file.string());
  return file.string();
}

void DataDirectory::Remove(const std::string& name) {
  std::filesystem::remove_all(std::filesystem::path(path()) / name);
}

}  // namespace hotroute::testing
