#include "tests/unit/proto/format_fixture.h"

#include <vector>

#include "gtest/gtest.h"
#include "proto/frame.h"
#include "proto/record_encoder.h"

namespace hotroute {
namespace {

constexpr int64_t kStartUs = 1'795'312'800'000'000;  // 2026-11-22T02:00:00Z

std::string Header(uint32_t flags) {
  FileHeader header;
  header.compatible_flags = flags;
  for (size_t i = 0; i < header.store_id.size(); ++i) {
    header.store_id[i] = static_cast<uint8_t>(0xa0 + i);
    header.file_id[i] = static_cast<uint8_t>(0xb0 + i);
  }
  header.created_us = kStartUs;
  return EncodeFileHeader(header);
}

void AddProcess(std::string* payload) {
  EncodeProcessInfo({.host = "web1",
                     .pid = 7,
                     .writer_id = 0x7e21c0deu,
                     .start_us = kStartUs,
                     .service = "shop",
                     .build = "b1",
                     .boot_id = "boot",
                     .writer_version = "0.1.0",
                     .engine = "thread-timer",
                     .unwinder = "libunwind",
                     .period_ns = 10'000'000},
                    payload);
}

// Strings 1 to 4, module 1, locations 1 and 2, nodes 1 and 2: main;serve.
void AddFirstDefinitions(std::string* payload) {
  EncodeStrings(1, std::vector<std::string>{"event.index", "GET", "shop", "acme"}, payload);
  EncodeModules(1, std::vector<ModuleRecord>{{.path = "/usr/bin/shop", .build_id = "\xab\xcd"}},
                payload);
  EncodeLocations(1, std::vector<uint32_t>{1, 1}, std::vector<uint64_t>{0x1149, 0x1200}, payload);
  EncodeNodes(1, std::vector<uint32_t>{0, 1}, std::vector<uint32_t>{1, 2}, payload);
}

// Location 3 and node 3: main;serve;parse.
void AddSecondDefinitions(std::string* payload) {
  EncodeLocations(3, std::vector<uint32_t>{1}, std::vector<uint64_t>{0x1310}, payload);
  EncodeNodes(3, std::vector<uint32_t>{2}, std::vector<uint32_t>{3}, payload);
}

void AddProfile(uint64_t number, const std::vector<SampleRunRecord>& runs, std::string* payload) {
  const std::vector<std::pair<uint32_t, uint32_t>> labels = {{3, 4}};
  EncodeProfile({.number = number,
                 .start_us = kStartUs + static_cast<int64_t>(number) * 1'000'000,
                 .wall_ns = 50'000'000,
                 .cpu_ns = 30'000'000,
                 .name_id = 1,
                 .method_id = 2,
                 .status = 200,
                 .labels = labels,
                 .fraction = 0.5,
                 .probability = 0.5,
                 .period_ns = 10'000'000,
                 .runs = runs},
                payload);
}

void AddEnd(std::string* payload) {
  EncodeLosses(std::vector<std::pair<std::string_view, uint64_t>>{{"ring_full", 3}}, payload);
  EncodeFooter({2, kStartUs + 1'000'000, kStartUs + 2'000'000}, payload);
}

// The payloads of the open segment's frames.
std::vector<std::string> Payloads() {
  std::vector<std::string> payloads(3);
  AddProcess(&payloads[0]);
  AddFirstDefinitions(&payloads[0]);
  AddProfile(1, {{2, 3, 10'000}}, &payloads[0]);

  AddProcess(&payloads[1]);
  AddFirstDefinitions(&payloads[1]);
  AddSecondDefinitions(&payloads[1]);
  AddProfile(2, {{3, 2, 10'000}, {2, 1, 30'000}}, &payloads[1]);

  AddSecondDefinitions(&payloads[2]);
  AddEnd(&payloads[2]);
  return payloads;
}

}  // namespace

std::string TinySegment() {
  std::string bytes = Header(0);
  uint32_t seq = 0;
  for (const std::string& payload : Payloads()) {
    AppendFrame(FrameType::kData, Codec::kNone, ++seq, payload, &bytes);
  }
  return bytes;
}

std::string TinySealedSegment() {
  std::string dictionary;
  AddProcess(&dictionary);
  AddFirstDefinitions(&dictionary);
  AddSecondDefinitions(&dictionary);
  const std::vector<std::string> payloads = Payloads();
  std::string end;
  AddEnd(&end);
  std::string bytes = Header(kFlagSealed);
  EXPECT_TRUE(AppendCompressedFrame(FrameType::kData, 1, dictionary, 1, &bytes).ok());
  EXPECT_TRUE(
      AppendCompressedFrame(FrameType::kData, 2, payloads[0] + payloads[1], 1, &bytes).ok());
  AppendFrame(FrameType::kData, Codec::kNone, 3, end, &bytes);
  return bytes;
}

}  // namespace hotroute
