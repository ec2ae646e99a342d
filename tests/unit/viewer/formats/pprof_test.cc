#include "viewer/formats/pprof.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdint>
#include <map>
#include <protozero/pbf_reader.hpp>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/viewer/formats/example_profile.h"

namespace hotroute::viewer {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

// One message as field number -> integers, and field number -> nested bytes. Packed fields stay
// bytes.
struct Message {
  std::map<uint32_t, std::vector<int64_t>> numbers;
  std::map<uint32_t, std::vector<std::string>> bytes;

  int64_t number(uint32_t field) const {
    const auto it = numbers.find(field);
    return it == numbers.end() ? 0 : it->second.at(0);
  }
  std::vector<Message> messages(uint32_t field) const;
  std::vector<int64_t> packed(uint32_t field) const;
};

Message Decode(const std::string& bytes) {
  Message message;
  protozero::pbf_reader reader(bytes);
  while (reader.next()) {
    if (reader.wire_type() == protozero::pbf_wire_type::varint) {
      message.numbers[reader.tag()].push_back(reader.get_int64());
    } else {
      message.bytes[reader.tag()].push_back(reader.get_bytes());
    }
  }
  return message;
}

std::vector<Message> Message::messages(uint32_t field) const {
  std::vector<Message> out;
  const auto it = bytes.find(field);
  if (it == bytes.end()) return out;
  for (const std::string& part : it->second) out.push_back(Decode(part));
  return out;
}

std::vector<int64_t> Message::packed(uint32_t field) const {
  std::vector<int64_t> out;
  const std::string& values = bytes.at(field).at(0);
  const char* at = values.data();
  while (at != values.data() + values.size()) {
    out.push_back(
        static_cast<int64_t>(protozero::decode_varint(&at, values.data() + values.size())));
  }
  return out;
}

std::string Gunzip(const std::string& bytes) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  std::string out(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

class PprofTest : public testing::Test {
 protected:
  const Message profile_ = Decode(EncodePprofProto(ExampleProfile()));
  const std::vector<std::string> strings_ = profile_.bytes.at(6);

  const std::string& Text(int64_t id) const { return strings_.at(static_cast<size_t>(id)); }
};

TEST_F(PprofTest, StatesTypesPeriodAndTime) {
  EXPECT_EQ(strings_.at(0), "");
  const std::vector<Message> types = profile_.messages(1);
  ASSERT_EQ(types.size(), 2u);
  EXPECT_EQ(Text(types[0].number(1)) + "/" + Text(types[0].number(2)), "samples/count");
  EXPECT_EQ(Text(types[1].number(1)) + "/" + Text(types[1].number(2)), "cpu/nanoseconds");
  EXPECT_EQ(Text(profile_.number(14)), "cpu");
  EXPECT_EQ(profile_.number(12), 10'000'000);
  EXPECT_EQ(profile_.number(9), 1'700'000'000'000'000'000);
  EXPECT_EQ(profile_.number(10), 60'000'000'000);
}

TEST_F(PprofTest, KeepsTotalsOfBothValues) {
  int64_t samples = 0;
  int64_t cpu_ns = 0;
  for (const Message& sample : profile_.messages(2)) {
    const std::vector<int64_t> values = sample.packed(2);
    ASSERT_EQ(values.size(), 2u);
    samples += values[0];
    cpu_ns += values[1];
  }
  EXPECT_EQ(samples, 7);
  EXPECT_EQ(cpu_ns, 85'001'200);
}

TEST_F(PprofTest, WritesStacksLeafFirstWithLabels) {
  const std::vector<Message> samples = profile_.messages(2);
  ASSERT_EQ(samples.size(), 4u);
  EXPECT_THAT(samples[0].packed(1), ElementsAre(4, 3, 2, 1));
  const std::vector<Message> labels = samples[0].messages(3);
  ASSERT_EQ(labels.size(), 1u);
  EXPECT_EQ(Text(labels[0].number(1)), "shop");
  EXPECT_EQ(Text(labels[0].number(2)), "acme");
}

TEST_F(PprofTest, GivesStacksWithoutFramesALocationThatReadersCanShow) {
  const std::vector<int64_t> stack = profile_.messages(2).at(3).packed(1);
  ASSERT_EQ(stack.size(), 1u);
  const Message location = profile_.messages(4).at(static_cast<size_t>(stack[0] - 1));
  EXPECT_EQ(location.number(1), stack[0]);
  const int64_t function = location.messages(4).at(0).number(1);
  EXPECT_EQ(Text(profile_.messages(5).at(static_cast<size_t>(function - 1)).number(2)),
            kNoStackName);
}

TEST_F(PprofTest, PutsEveryLocationInsideItsMappingAndMappingsApart) {
  const std::vector<Message> mappings = profile_.messages(3);
  ASSERT_EQ(mappings.size(), 2u);
  EXPECT_EQ(Text(mappings[0].number(5)), "/usr/bin/shop");
  EXPECT_EQ(Text(mappings[0].number(6)), "01ab");
  EXPECT_EQ(Text(mappings[1].number(6)), "ff");
  EXPECT_LE(mappings[0].number(3), mappings[1].number(2));
  for (const Message& location : profile_.messages(4)) {
    if (location.number(2) == 0) continue;  // [no stack] is in no module
    const Message& mapping = mappings.at(static_cast<size_t>(location.number(2) - 1));
    EXPECT_GE(location.number(3), mapping.number(2));
    EXPECT_LT(location.number(3), mapping.number(3));
  }
}

TEST_F(PprofTest, NamesFunctionsWithSystemNameFileAndLine) {
  const std::vector<Message> locations = profile_.messages(4);
  const std::vector<Message> functions = profile_.messages(5);
  ASSERT_EQ(locations.size(), 5u) << "four frames and [no stack]";
  const Message line = locations[1].messages(4).at(0);
  const Message& serve = functions.at(static_cast<size_t>(line.number(1) - 1));
  EXPECT_EQ(Text(serve.number(2)), "serve");
  EXPECT_EQ(Text(serve.number(3)), "_Z5servev");
  EXPECT_EQ(Text(serve.number(4)), "src/serve.cc");
  EXPECT_EQ(serve.number(5), 20);
  EXPECT_EQ(line.number(2), 20);
}

TEST(PprofFileTest, FormatFollowsTheFileName) {
  const std::string proto = EncodePprofProto(ExampleProfile());
  EXPECT_EQ(EncodePprofFor("out.pb", ExampleProfile()).value(), proto);
  EXPECT_EQ(Gunzip(EncodePprofFor("out.pb.gz", ExampleProfile()).value()), proto);
  EXPECT_THAT(EncodePprofFor("out.prof", ExampleProfile()).value(), StartsWith("--- symbol\n"));
}

TEST(PprofFileTest, GzipKeepsOutputOfMoreThanOneBuffer) {
  StackProfile profile = ExampleProfile();
  std::mt19937_64 random(3);
  for (int i = 0; i < 20'000; ++i) {
    profile.stacks.push_back({{0, 1}, random() >> 40, static_cast<double>(random() >> 24), {}});
  }
  const std::string compressed = EncodePprofFor("out.gz", profile).value();
  EXPECT_GT(compressed.size(), 128u * 1024) << "two of the encoder's buffers";
  EXPECT_EQ(Gunzip(compressed), EncodePprofProto(profile));
}

}  // namespace
}  // namespace hotroute::viewer
