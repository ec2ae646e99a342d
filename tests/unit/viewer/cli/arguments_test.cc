#include "viewer/cli/arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "viewer/cli/commands/commands.h"
#include "viewer/cli/suggest.h"

namespace hotroute::viewer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Words = std::vector<std::string>;

std::string ErrorOf(const Command& command, const Words& words) {
  return Arguments::Parse(command.info(), words).status().message();
}

TEST(ArgumentsTest, ReadsOperandAndFlagsInAnyOrder) {
  const auto arguments = Arguments::Parse(
      TopCommand().info(),
      {"--label", "shop=a b", "event.index", "--label=cart=1", "--format", "json"});
  ASSERT_TRUE(arguments.ok()) << arguments.status().message();
  EXPECT_EQ(arguments->operand(), "event.index");
  EXPECT_THAT(arguments->All("label"), ElementsAre("shop=a b", "cart=1"));
  EXPECT_TRUE(arguments->json());
}

TEST(ArgumentsTest, KnowsShortNames) {
  const auto arguments = Arguments::Parse(RequestsCommand().info(), {"event.index", "-n", "3"});
  ASSERT_TRUE(arguments.ok()) << arguments.status().message();
  EXPECT_EQ(*arguments->Limit(10), 3u);
}

TEST(ArgumentsTest, LimitFallsBackAndRefusesNonsense) {
  EXPECT_EQ(*Arguments::Parse(UrlsCommand().info(), {})->Limit(7), 7u);
  for (const char* text : {"-1", "many", "3x", ""}) {
    const auto arguments = Arguments::Parse(UrlsCommand().info(), {std::string("--limit=") + text});
    EXPECT_FALSE(arguments.ok() && arguments->Limit(7).ok()) << text;
  }
}

TEST(ArgumentsTest, UnknownFlagsSuggestTheNearest) {
  EXPECT_THAT(ErrorOf(UrlsCommand(), {"--sinse", "2h"}), HasSubstr("did you mean --since?"));
  EXPECT_THAT(ErrorOf(UrlsCommand(), {"--sinse", "2h"}), HasSubstr("`hotroute help urls`"));
}

TEST(ArgumentsTest, ShortenedFlagsAreNotGuessed) {
  EXPECT_THAT(ErrorOf(UrlsCommand(), {"--sinc", "2h"}), HasSubstr("unknown flag --sinc"));
}

TEST(ArgumentsTest, SaysWhatIsMissingOrTooMuch) {
  EXPECT_THAT(ErrorOf(TopCommand(), {}), HasSubstr("needs URL, as in `hotroute top "));
  EXPECT_THAT(ErrorOf(TopCommand(), {"a", "b"}), HasSubstr("'b' is one word too many"));
  EXPECT_THAT(ErrorOf(UrlsCommand(), {"a"}), HasSubstr("'a' is one word too many"));
  EXPECT_THAT(ErrorOf(UrlsCommand(), {"--since"}), HasSubstr("--since"));
  EXPECT_THAT(ErrorOf(UrlsCommand(), {"--format", "xml"}), HasSubstr("'xml' is not text or json"));
  EXPECT_THAT(ErrorOf(UrlsCommand(), {"--since", "1h", "--since", "2h"}), HasSubstr("given twice"));
}

TEST(SuggestTest, DistanceCountsSingleEdits) {
  EXPECT_EQ(EditDistance("kitten", "sitting"), 3u);
  EXPECT_EQ(EditDistance("", "abc"), 3u);
  EXPECT_EQ(EditDistance("same", "same"), 0u);
}

TEST(SuggestTest, SuggestsNothingThatIsFarAway) {
  EXPECT_EQ(Nearest("evnt.index", {"shop.index", "event.index"}), "event.index");
  EXPECT_EQ(Nearest("zzz", {"shop.index", "event.index"}), std::nullopt);
}

}  // namespace
}  // namespace hotroute::viewer
