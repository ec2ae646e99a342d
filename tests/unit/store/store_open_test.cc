#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/store.h"
#include "tests/support/data_directory.h"

namespace hotroute::store {
namespace {

using ::hotroute::testing::DataDirectory;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string WhyNot(const std::string& data_dir) {
  const auto store = Store::Open(data_dir);
  return store.ok() ? "" : store.status().message();
}

TEST(StoreOpenTest, SaysWhatToDoForEachDirectoryThatIsNoStore) {
  DataDirectory data;
  EXPECT_EQ(WhyNot(data.path()), "");
  EXPECT_EQ(
      WhyNot(data.path() + "/none"),
      data.path() + "/none: no such directory; give the data_dir of a service with --data-dir");
  const std::string file = data.WriteFile("file", "x");
  EXPECT_EQ(WhyNot(file), file + ": not a directory; give the data_dir of a service");
  data.Remove("file");
  data.Remove("STORE");
  EXPECT_EQ(WhyNot(data.path()),
            data.path() + ": no profiles yet: start a service with data_dir set to it");
  data.WriteFile("photo.jpg", "x");
  EXPECT_THAT(WhyNot(data.path()), HasSubstr("not a hotroute data directory"));
}

TEST(StoreOpenTest, NamesTheFormatOfANewerStore) {
  DataDirectory data;
  StoreIdentity identity;
  identity.format = kStoreFormat + 1;
  data.WriteFile("STORE", EncodeStoreFile(identity));
  EXPECT_THAT(WhyNot(data.path()), AllOf(HasSubstr("format 2"), HasSubstr("use a newer hotroute")));
}

TEST(StoreOpenTest, EveryReasonIsOneLine) {
  DataDirectory data;
  data.WriteFile("STORE", "nonsense\n");
  for (const std::string& path : {data.path(), data.path() + "/none", data.path() + "/STORE"}) {
    EXPECT_THAT(WhyNot(path), AllOf(Not(HasSubstr("\n")), HasSubstr(data.path())));
  }
}

TEST(StoreOpenTest, AStoreThatCannotBeReadSaysWhy) {
  DataDirectory data;
  data.Remove("STORE");
  data.WriteFile("STORE/inside", "a folder where a file belongs");
  EXPECT_THAT(WhyNot(data.path()), HasSubstr("Is a directory"));
}

}  // namespace
}  // namespace hotroute::store
