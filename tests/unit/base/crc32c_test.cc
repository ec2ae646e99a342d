// CRC-32C against the vectors of RFC 3720 B.4, in both implementations.
#include "base/crc32c.h"

#include <random>
#include <string>

#include "gtest/gtest.h"

namespace hotroute {
namespace {

std::string Counting(int first, int step) {
  std::string bytes;
  for (int i = 0; i < 32; ++i) bytes.push_back(static_cast<char>(first + i * step));
  return bytes;
}

TEST(Crc32cTest, MatchesTheVectorsOfRfc3720) {
  const std::pair<std::string, uint32_t> vectors[] = {
      {std::string(32, '\0'), 0x8a9136aau},
      {std::string(32, '\xff'), 0x62a8ab43u},
      {Counting(0, 1), 0x46dd794eu},
      {Counting(31, -1), 0x113fdb5cu},
      {"123456789", 0xe3069283u},  // the check value of the CRC catalogue
      {"", 0u},
  };
  for (const auto& [bytes, crc] : vectors) {
    EXPECT_EQ(Crc32c(bytes), crc);
    EXPECT_EQ(Crc32cPortableForTesting(bytes), crc);
  }
}

// Every length up to 300 at every alignment: the accelerated loop takes eight bytes at a time.
TEST(Crc32cTest, ImplementationsAgreeAtEveryLengthAndAlignment) {
  std::mt19937 random(20251122);
  std::string bytes(308, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  for (size_t begin = 0; begin < 8; ++begin) {
    for (size_t size = 0; size <= 300; ++size) {
      const std::string_view part = std::string_view(bytes).substr(begin, size);
      ASSERT_EQ(Crc32c(part), Crc32cPortableForTesting(part)) << begin << " " << size;
    }
  }
}

TEST(Crc32cTest, ContinuesFromAnEarlierCrc) {
  const std::string bytes = "hotroute keeps requests apart";
  for (size_t cut = 0; cut <= bytes.size(); ++cut) {
    const uint32_t first = Crc32c(bytes.substr(0, cut));
    EXPECT_EQ(Crc32c(bytes.substr(cut), first), Crc32c(bytes));
    EXPECT_EQ(Crc32cPortableForTesting(bytes.substr(cut), first), Crc32c(bytes));
  }
}

// LevelDB's masking, which is part of the format.
TEST(Crc32cTest, MaskIsTheRotationAndOffsetOfTheFormat) {
  EXPECT_EQ(MaskCrc(0), 0xa282ead8u);
  EXPECT_EQ(MaskCrc(0xffffffffu), 0xa282ead7u);
  EXPECT_EQ(MaskCrc(0x00008000u), 0xa282ead9u);
  EXPECT_EQ(MaskCrc(0x00000001u), 0xa284ead8u);
}

}  // namespace
}  // namespace hotroute
