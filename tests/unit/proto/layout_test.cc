// File names, profile ids and the STORE file: what is written is read back, all else is refused.
#include "proto/layout.h"

#include <filesystem>

#include "gtest/gtest.h"

namespace hotroute {
namespace {

const WriterFileName kName{"web1", 20524, 0x7e21c0deu, 1};
const Layout kLayout("/data");

Uuid CountingUuid() {
  Uuid uuid{};
  for (size_t i = 0; i < uuid.size(); ++i) uuid[i] = static_cast<uint8_t>(i * 17);
  return uuid;
}

const StoreIdentity kIdentity{kStoreFormat, CountingUuid(), "2026-11-22T01:02:03Z"};

void ExpectEqualNames(const std::optional<WriterFileName>& parsed, const WriterFileName& name) {
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->host, name.host);
  EXPECT_EQ(parsed->pid, name.pid);
  EXPECT_EQ(parsed->writer_id, name.writer_id);
  EXPECT_EQ(parsed->number, name.number);
}

TEST(LayoutTest, NamesStandWhereTheHeaderSays) {
  EXPECT_EQ(kLayout.StoreFile(), "/data/STORE");
  EXPECT_EQ(kLayout.MaintainerLock(), "/data/maintainer.lock");
  EXPECT_EQ(kLayout.IndexFile(), "/data/index.sqlite");
  EXPECT_EQ(kLayout.BlocksDirectory(), "/data/blocks");
  EXPECT_EQ(kLayout.QuarantineDirectory(), "/data/quarantine");
  EXPECT_EQ(kLayout.MetricsFile(kName), "/data/metrics/web1-20524-7e21c0de-000001.met");
  EXPECT_EQ(kLayout.SymbolFile(std::string("\x00\xab\x7f", 3)), "/data/symbols/00ab7f.sym");
}

TEST(LayoutTest, SegmentsStandUnderTheirHourInUtc) {
  constexpr int64_t kTwoOClock = 1'795'312'800'000'000;  // 2026-11-22T02:00:00Z
  EXPECT_EQ(kLayout.SegmentFile(kTwoOClock, kName),
            "/data/segments/2026112202/web1-20524-7e21c0de-000001.seg");
  EXPECT_EQ(kLayout.SegmentHourDirectory(kTwoOClock - 1), "/data/segments/2026112201");
  EXPECT_EQ(kLayout.SegmentHourDirectory(0), "/data/segments/1970010100");
}

TEST(LayoutTest, WriterFileNamesRoundTrip) {
  const WriterFileName names[] = {
      kName,
      {"db.example.org", 1, 0, 0},
      {"_", UINT64_MAX, UINT32_MAX, UINT32_MAX},
      {std::string(64, 'h'), 4194304, 0x0000000fu, 1'000'000},
  };
  for (const WriterFileName& name : names) {
    const std::string text = EncodeWriterFileName(name, kSegmentSuffix);
    ExpectEqualNames(ParseWriterFileName(text, kSegmentSuffix), name);
    EXPECT_FALSE(ParseWriterFileName(text, kMetricsSuffix)) << text;
  }
}

// The name is one path component of plain characters whatever gethostname(2) says.
TEST(LayoutTest, HostileHostsBecomePlainNames) {
  const std::string hosts[] = {
      "",
      ".",
      "..",
      "../../etc/passwd",
      "a-b-c",
      "a/b",
      "web 1",
      "a\nb",
      std::string("a\0b", 3),
      std::string(300, 'x'),
      "." + std::string(64, 'x'),
      "\xc3\xbc"
      "ber",
      "$(rm -rf)",
      "-rf",
  };
  for (const std::string& host : hosts) {
    const std::string text = EncodeWriterFileName({host, 7, 9, 3}, kSegmentSuffix);
    EXPECT_EQ(std::filesystem::path(text).filename(), text);
    EXPECT_NE(text[0], '.');
    EXPECT_NE(text[0], '-');
    EXPECT_LE(text.size(), 128u);  // far below NAME_MAX, with room for a temporary suffix
    const std::optional<WriterFileName> parsed = ParseWriterFileName(text, kSegmentSuffix);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(parsed->host, text.substr(0, text.find('-')));
    EXPECT_EQ(parsed->pid, 7u);
  }
}

TEST(LayoutTest, ForeignFileNamesAreRefused) {
  const std::string names[] = {
      "",
      ".seg",
      "-1-00000002-000003.seg",
      "web1.seg",
      "web1-20524.seg",
      "web1-20524-7e21c0de.seg",
      "web1-20524-7e21c0de-000001",
      "web1-20524-7e21c0de-000001.seg.tmp",
      "web1-20524-7e21c0de-000001.seg.0123456789abcdef.tmp",
      "web1-20524-7e21c0de-000001.met",
      "web1-20524-7e21c0de-1.seg",        // number without its zeros
      "web1-20524-7E21C0DE-000001.seg",   // capitals
      "web1-20524-e21c0de-000001.seg",    // seven digits
      "web1-020524-7e21c0de-000001.seg",  // leading zero
      "web1--1-7e21c0de-000001.seg",
      "web1-+1-7e21c0de-000001.seg",
      "web1- 1-7e21c0de-000001.seg",
      "web1-x-7e21c0de-000001.seg",
      "web1-20524-7e21c0dx-000001.seg",
      "web1-20524-7e21c0de-00000x.seg",
      "web1-99999999999999999999-7e21c0de-000001.seg",
      "web1-20524-17e21c0de-000001.seg",
      "web1-20524-7e21c0de-4294967296.seg",
      "we b1-20524-7e21c0de-000001.seg",
      ".web1-20524-7e21c0de-000001.seg",
      "a-web1-20524-7e21c0de-000001.seg",
  };
  for (const std::string& name : names) {
    EXPECT_FALSE(ParseWriterFileName(name, kSegmentSuffix)) << name;
  }
}

TEST(LayoutTest, HexRoundTripsAndRefusesAnythingElse) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  EXPECT_EQ(FromHex(ToHex(bytes)), bytes);
  EXPECT_EQ(FromHex(""), "");
  EXPECT_EQ(FromHex("aBCd"), "\xab\xcd");
  for (const char* text : {"a", "abc", "xy", "0x", " 1", "1 ", "-1", "+1"}) {
    EXPECT_FALSE(FromHex(text)) << text;
  }
}

TEST(LayoutTest, ProfileIdsRoundTrip) {
  EXPECT_EQ(ProfileIdText(0x7e21c0deu, 1742), "7e21c0de-1742");
  const ProfileId ids[] = {{0, 1}, {0x7e21c0deu, 1742}, {UINT32_MAX, UINT64_MAX}};
  for (const ProfileId& id : ids) {
    EXPECT_EQ(ParseProfileId(ProfileIdText(id.writer_id, id.number)), id);
  }
  for (const char* text :
       {"", "-", "7e21c0de", "7e21c0de-", "7e21c0d-1", "17e21c0de-1", "xe21c0de-1", "7e21c0de-x",
        "7e21c0de-1-2", "7e21c0de--1", " 7e21c0d-1", "7e21c0de-18446744073709551616"}) {
    EXPECT_FALSE(ParseProfileId(text)) << text;
  }
}

TEST(StoreFileTest, RoundTrips) {
  const std::string text = EncodeStoreFile(kIdentity);
  EXPECT_EQ(text,
            "hotroute data directory\nformat: 1\nid: 00112233-4455-6677-8899-aabbccddeeff\n"
            "created: 2026-11-22T01:02:03Z\n");
  const Result<StoreIdentity> parsed = ParseStoreFile(text, "/data/STORE");
  ASSERT_TRUE(parsed.ok()) << parsed.status().message();
  EXPECT_EQ(parsed->format, kIdentity.format);
  EXPECT_EQ(parsed->id, kIdentity.id);
  EXPECT_EQ(parsed->created, kIdentity.created);
}

TEST(StoreFileTest, LinesOfLaterVersionsArePassedOver) {
  EXPECT_TRUE(ParseStoreFile(EncodeStoreFile(kIdentity) + "note: kept\n", "/data/STORE").ok());
}

TEST(StoreFileTest, AForeignFileIsCalledForeign) {
  for (const char* text : {"", "\n", "format: 1\n", "{\"kind\": \"something else\"}",
                           "hotroute data directory\r\nformat: 1\r\n"}) {
    const Status status = ParseStoreFile(text, "/data/STORE").status();
    EXPECT_EQ(status.code(), StatusCode::kCorruption) << text;
    EXPECT_EQ(status.message(),
              "/data/STORE: not a hotroute STORE file; is this another program's directory?");
  }
}

TEST(StoreFileTest, ANewerFormatIsNamed) {
  StoreIdentity newer = kIdentity;
  newer.format = 2;
  const Status status = ParseStoreFile(EncodeStoreFile(newer), "/data/STORE").status();
  EXPECT_EQ(status.code(), StatusCode::kUnsupported);
  EXPECT_EQ(status.message(),
            "/data/STORE: the data directory has format 2, this program knows up to 1; use a newer "
            "hotroute");
}

TEST(StoreFileTest, MissingOrBrokenLinesAreDamage) {
  const std::string first = "hotroute data directory\n";
  const std::string id = "id: 00112233-4455-6677-8899-aabbccddeeff\n";
  const std::string texts[] = {
      first,
      first + id,
      first + "format: 1\n",
      first + "format: 0\n" + id,
      first + "format: -1\n" + id,
      first + "format: one\n" + id,
      first + "format: 1x\n" + id,
      first + "format: \n" + id,
      first + "format: 1\nid: 00112233\n",
      first + "format: 1\nid: zz112233-4455-6677-8899-aabbccddeeff\n",
      first + "format: 1\nid: 00112233-4455-6677-8899-aabbccddeeff00\n",
  };
  for (const std::string& text : texts) {
    const Status status = ParseStoreFile(text, "/data/STORE").status();
    EXPECT_EQ(status.code(), StatusCode::kCorruption) << text;
    EXPECT_EQ(status.message(),
              "/data/STORE: damaged; restore it from a backup, or move the directory away and "
              "start afresh")
        << text;
  }
}

}  // namespace
}  // namespace hotroute
