// Values that pin the location hash for ever: blocks order siblings by it. They come from another
// implementation of XXH64 (a transcription of its specification), not from this one.
#include "proto/location_hash.h"

#include <string>

#include "gtest/gtest.h"

namespace hotroute {
namespace {

const std::string kBuildId(
    "\x01\x23\x45\x67\x89\xab\xcd\xef\x00\x10\x20\x30\x40\x50\x60\x70\x80\x90\xa0\xb0", 20);

TEST(LocationHashTest, NeverChanges) {
  EXPECT_EQ(LocationHash("", "", 0), 0xc7f2f7844b06b0f6u);
  EXPECT_EQ(LocationHash(kBuildId, "/usr/bin/shop", 0x1234), 0xc73482882d4ec5b1u);
  EXPECT_EQ(LocationHash(kBuildId, "/usr/bin/shop", UINT64_MAX), 0xb0a92c045bf641c8u);
  EXPECT_EQ(LocationHash("", "/usr/bin/shop", 0x1234), 0x94831b0372cccee8u);
  EXPECT_EQ(LocationHash("", "[vdso]", 0xfedcba9876543210u), 0xf60d7c64cf1c4b50u);
}

TEST(LocationHashTest, ModuleWithABuildIdIsTheSameUnderEveryPath) {
  EXPECT_EQ(LocationHash(kBuildId, "/usr/bin/shop", 7), LocationHash(kBuildId, "/opt/shop", 7));
  EXPECT_NE(LocationHash("", "/usr/bin/shop", 7), LocationHash("", "/opt/shop", 7));
}

TEST(LocationHashTest, DependsOnEveryByteOfTheOffset) {
  for (int bit = 0; bit < 64; ++bit) {
    EXPECT_NE(LocationHash(kBuildId, "", uint64_t{1} << bit), LocationHash(kBuildId, "", 0)) << bit;
  }
}

}  // namespace
}  // namespace hotroute
