// The committed files of format 1 are read for ever, and today's writer still writes them.
//
// fixtures/format-1.seg is the file that docs/format.md dissects; format-1-sealed.seg is the same
// after sealing. Neither is ever regenerated: a change that turns these tests red is a new format.
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "base/file.h"
#include "gtest/gtest.h"
#include "hotroute/v1/records.pb.h"
#include "proto/frame.h"
#include "proto/layout.h"
#include "tests/unit/proto/format_fixture.h"

namespace hotroute {
namespace {

const std::string kOpenFile = HOTROUTE_FIXTURES "/format-1.seg";
const std::string kSealedFile = HOTROUTE_FIXTURES "/format-1-sealed.seg";

// The records of a file by kind, definitions merged as a reader merges them: by id, once.
struct Content {
  std::map<uint32_t, std::string> strings;
  std::map<uint32_t, uint64_t> offsets;                     // of locations
  std::map<uint32_t, std::pair<uint32_t, uint32_t>> nodes;  // parent and location
  std::map<uint64_t, std::string> profiles;
  std::vector<std::string> last_losses;
  int footers = 0;
};

void Merge(const v1::Payload& payload, Content* content) {
  for (const v1::StringTable& table : payload.strings()) {
    for (int i = 0; i < table.values_size(); ++i) {
      content->strings[table.first_id() + i] = table.values(i);
    }
  }
  for (const v1::LocationTable& table : payload.locations()) {
    for (int i = 0; i < table.offset_size(); ++i) {
      content->offsets[table.first_id() + i] = table.offset(i);
    }
  }
  for (const v1::NodeTable& table : payload.nodes()) {
    for (int i = 0; i < table.location_id_size(); ++i) {
      const uint32_t id = table.first_id() + i;
      content->nodes[id] = {id - table.parent_distance(i), table.location_id(i)};
    }
  }
  for (const v1::Profile& profile : payload.profiles()) {
    content->profiles[profile.number()] = profile.ShortDebugString();
  }
  for (const v1::LossCounts& losses : payload.losses()) {
    content->last_losses = {losses.name().begin(), losses.name().end()};
  }
  content->footers += payload.footers_size();
}

Content ReadContent(std::string_view bytes) {
  Content content;
  std::string buffer;
  ScanFrames(
      bytes, kFileHeaderBytes, 1,
      [&](const Frame& frame) {
        const Result<std::string_view> payload = DecodePayload(frame, &buffer);
        ASSERT_TRUE(payload.ok()) << payload.status().message();
        v1::Payload parsed;
        ASSERT_TRUE(parsed.ParseFromArray(payload->data(), static_cast<int>(payload->size())));
        Merge(parsed, &content);
      },
      [](const Damage& damage) { ADD_FAILURE() << "damage at " << damage.offset; });
  return content;
}

// Stack `node`, root first, as offsets.
std::vector<uint64_t> StackOf(const Content& content, uint32_t node) {
  std::vector<uint64_t> stack;
  for (; node != 0; node = content.nodes.at(node).first) {
    stack.insert(stack.begin(), content.offsets.at(content.nodes.at(node).second));
  }
  return stack;
}

void ExpectTinyContent(const Content& content) {
  EXPECT_EQ(content.strings, (std::map<uint32_t, std::string>{
                                 {1, "event.index"}, {2, "GET"}, {3, "shop"}, {4, "acme"}}));
  EXPECT_EQ(StackOf(content, 2), (std::vector<uint64_t>{0x1149, 0x1200}));
  EXPECT_EQ(StackOf(content, 3), (std::vector<uint64_t>{0x1149, 0x1200, 0x1310}));
  ASSERT_EQ(content.profiles.size(), 2u);
  EXPECT_EQ(content.profiles.at(2),
            "number: 2 start_us: 1795312802000000 wall_ns: 50000000 cpu_ns: 30000000 name_id: 1 "
            "method_id: 2 status: 200 label_key_id: 3 label_value_id: 4 fraction: 0.5 "
            "probability: 0.5 cpu { period_ns: 10000000 node_id: 3 node_id: 2 count: 2 count: 1 "
            "delta_us: 10000 delta_us: 20000 }");
  EXPECT_EQ(content.last_losses, std::vector<std::string>{"ring_full"});
  EXPECT_GE(content.footers, 1);
}

TEST(FormatTest, TodaysWriterWritesTheCommittedBytes) {
  const Result<std::string> committed = ReadFile(kOpenFile);
  ASSERT_TRUE(committed.ok()) << committed.status().message();
  EXPECT_EQ(TinySegment(), *committed);
}

TEST(FormatTest, TheCommittedSegmentIsReadForEver) {
  const Result<std::string> bytes = ReadFile(kOpenFile);
  ASSERT_TRUE(bytes.ok()) << bytes.status().message();
  const Result<FileHeader> header = DecodeFileHeader(*bytes, FileKind::kSegment, kOpenFile);
  ASSERT_TRUE(header.ok()) << header.status().message();
  EXPECT_EQ(header->compatible_flags, 0u);
  ExpectTinyContent(ReadContent(*bytes));
}

// Sixteen bytes as `hexdump -C` prints them, without the text column.
std::string HexLine(std::string_view bytes, size_t offset) {
  char number[32];
  std::snprintf(number, sizeof number, "%08zx ", offset);
  std::string line = number;
  for (size_t i = 0; i < 16 && offset + i < bytes.size(); ++i) {
    line += (i == 8 ? "  " : " ") + ToHex(bytes.substr(offset + i, 1));
  }
  return line;
}

TEST(FormatTest, TheDocumentShowsTheCommittedBytes) {
  const Result<std::string> bytes = ReadFile(kOpenFile);
  const Result<std::string> document = ReadFile(HOTROUTE_DOCUMENT);
  ASSERT_TRUE(bytes.ok()) << bytes.status().message();
  ASSERT_TRUE(document.ok()) << document.status().message();
  for (size_t offset = 0; offset < bytes->size(); offset += 16) {
    const std::string line = HexLine(*bytes, offset);
    EXPECT_NE(document->find(line), std::string::npos) << "docs/format.md lacks: " << line;
  }
}

// The bytes of a compressed frame depend on zstd's version, so only reading is pinned.
TEST(FormatTest, TheCommittedSealedSegmentIsReadForEver) {
  const Result<std::string> bytes = ReadFile(kSealedFile);
  ASSERT_TRUE(bytes.ok()) << bytes.status().message();
  const Result<FileHeader> header = DecodeFileHeader(*bytes, FileKind::kSegment, kSealedFile);
  ASSERT_TRUE(header.ok()) << header.status().message();
  EXPECT_EQ(header->compatible_flags, kFlagSealed);
  ExpectTinyContent(ReadContent(*bytes));
  ExpectTinyContent(ReadContent(TinySealedSegment()));
}

// Why definitions stand in two consecutive frames.
TEST(FormatTest, WithoutAnyOneFrameTheOtherFramesProfilesHaveTheirStacks) {
  const std::string bytes = TinySegment();
  for (uint32_t lost = 1; lost <= 3; ++lost) {
    Content content;
    ScanFrames(
        bytes, kFileHeaderBytes, 1,
        [&](const Frame& frame) {
          v1::Payload parsed;
          ASSERT_TRUE(parsed.ParseFromString(std::string(frame.payload)));
          if (frame.seq != lost) Merge(parsed, &content);
        },
        [](const Damage&) { FAIL(); });
    EXPECT_EQ(content.profiles.size(), lost == 3 ? 2u : 1u);
    EXPECT_EQ(content.profiles.contains(lost), false);
    EXPECT_EQ(StackOf(content, 2), (std::vector<uint64_t>{0x1149, 0x1200}));
    EXPECT_EQ(StackOf(content, 3), (std::vector<uint64_t>{0x1149, 0x1200, 0x1310}));
    EXPECT_EQ(content.strings.size(), 4u);
  }
}

}  // namespace
}  // namespace hotroute
