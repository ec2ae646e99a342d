#include "store/symbols.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/data_directory.h"

namespace hotroute::store {
namespace {

using ::hotroute::testing::DataDirectory;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Ranges = std::vector<std::pair<uint64_t, uint64_t>>;

std::string Encode(const Ranges& ranges, const std::string& names) {
  std::string payload;
  EncodeSymbols({"id", "/bin/shop", ranges, names}, &payload);
  return payload;
}

std::string Header() {
  FileHeader header;
  header.kind = FileKind::kSymbols;
  return EncodeFileHeader(header);
}

SymbolTable TableOf(const Ranges& ranges, const std::string& names) {
  std::string bytes = Header();
  AppendFrame(FrameType::kData, Codec::kNone, 1, Encode(ranges, names), &bytes);
  FileScan scan;
  SymbolTable table = SymbolTable::Read(FileReader("f.sym", FileKind::kSymbols, bytes), &scan);
  EXPECT_THAT(scan.findings, IsEmpty());
  return table;
}

std::string NameAt(const SymbolTable& table, uint64_t offset) {
  const std::optional<Symbol> symbol = table.Lookup(offset);
  return symbol ? std::string(symbol->mangled_name) : "-";
}

TEST(SymbolTableTest, HonoursSizes) {
  const SymbolTable table = TableOf({{100, 10}, {120, 10}}, std::string("a\0b\0", 4));
  EXPECT_EQ(NameAt(table, 99), "-");
  EXPECT_EQ(NameAt(table, 100), "a");
  EXPECT_EQ(NameAt(table, 109), "a");
  EXPECT_EQ(NameAt(table, 110), "-");
  EXPECT_EQ(NameAt(table, 120), "b");
  EXPECT_EQ(NameAt(table, 130), "-");
  EXPECT_EQ(table.Lookup(125)->start, 120u);
  EXPECT_EQ(table.Lookup(125)->size, 10u);
}

TEST(SymbolTableTest, AFunctionWithoutSizeReachesToTheNext) {
  const SymbolTable table = TableOf({{100, 0}, {120, 5}, {200, 0}}, std::string("a\0b\0c\0", 6));
  EXPECT_EQ(NameAt(table, 119), "a");
  EXPECT_EQ(NameAt(table, 124), "b");
  EXPECT_EQ(NameAt(table, 125), "-");
  EXPECT_EQ(NameAt(table, 5000), "c");
}

TEST(SymbolTableTest, FindsTheInnermostAndThenTheOuterFunction) {
  const SymbolTable table =
      TableOf({{100, 100}, {120, 10}, {140, 0}}, std::string("outer\0inner\0label\0", 18));
  EXPECT_EQ(NameAt(table, 125), "inner");
  EXPECT_EQ(NameAt(table, 135), "outer");
  EXPECT_EQ(NameAt(table, 150), "outer");
  EXPECT_EQ(NameAt(table, 205), "label");
}

TEST(SymbolTableTest, JoinsFramesAndDecompresses) {
  std::string bytes = Header();
  AppendFrame(FrameType::kData, Codec::kNone, 1, Encode({{100, 10}}, std::string("a\0", 2)),
              &bytes);
  ASSERT_TRUE(AppendCompressedFrame(FrameType::kData, 2, Encode({{50, 10}}, std::string("b\0", 2)),
                                    3, &bytes)
                  .ok());
  FileScan scan;
  const SymbolTable table = SymbolTable::Read(FileReader("f", FileKind::kSymbols, bytes), &scan);
  EXPECT_EQ(NameAt(table, 105), "a");
  EXPECT_EQ(NameAt(table, 55), "b");
}

TEST(SymbolTableTest, MissingNamesAreAFindingAndCostNoOther) {
  std::string bytes = Header();
  AppendFrame(FrameType::kData, Codec::kNone, 1, Encode({{1, 1}, {2, 1}}, std::string("a\0", 2)),
              &bytes);
  FileScan scan;
  const SymbolTable table = SymbolTable::Read(FileReader("f", FileKind::kSymbols, bytes), &scan);
  EXPECT_THAT(scan.findings, SizeIs(1));
  EXPECT_EQ(NameAt(table, 1), "a");
  EXPECT_EQ(NameAt(table, 2), "-");
}

TEST(SymbolStoreTest, ReadsTheFileOfTheBuildIdOnce) {
  DataDirectory data;
  data.WriteSymbols(hotroute::testing::SymbolFileBytes({"main", "serve"}));
  SymbolStore symbols(data.layout());
  // The builder places functions from 0x1100 on, 0x100 apart.
  const auto symbol = symbols.Lookup(hotroute::testing::kTestBuildId, 0x1110);
  ASSERT_TRUE(symbol.has_value());
  EXPECT_EQ(symbol->mangled_name, "main");
  data.Remove("symbols");
  EXPECT_TRUE(symbols.Lookup(hotroute::testing::kTestBuildId, 0x1210).has_value());
  EXPECT_FALSE(symbols.Lookup("unknown", 0x1110).has_value());
  EXPECT_FALSE(symbols.Lookup("", 0x1110).has_value());
  EXPECT_THAT(symbols.damage(), IsEmpty());
}

TEST(SymbolStoreTest, ReportsADamagedFile) {
  DataDirectory data;
  std::string bytes = hotroute::testing::SymbolFileBytes({"main"});
  bytes[bytes.size() - 12] ^= 1;
  data.WriteSymbols(bytes);
  SymbolStore symbols(data.layout());
  EXPECT_FALSE(symbols.Lookup(hotroute::testing::kTestBuildId, 0x1110).has_value());
  EXPECT_THAT(symbols.damage(), SizeIs(1));
}

}  // namespace
}  // namespace hotroute::store
