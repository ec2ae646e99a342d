#include "viewer/cli/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "base/file.h"
#include "tests/support/data_directory.h"
#include "tests/unit/viewer/aggregate/text_source.h"
#include "viewer/cli/help.h"

namespace hotroute::viewer {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using Words = std::vector<std::string>;

constexpr char kText[] =
    "profile event.index GET 200 at=1s wall=10ms cpu=5ms p=0.1 shop=small\n"
    "  main;serve 1\n"
    "profile event.index GET 500 at=2s wall=900ms cpu=50ms stratum=slow shop=big\n"
    "  main;query 5\n"
    "profile cart.add POST 200 at=3s wall=5ms cpu=5ms stratum=forced\n"
    "count healthcheck GET 2 n=9 wall=9ms\n";

testing::TestProfile ProfileOf(const std::string& stacks) {
  testing::TestProfile profile;
  profile.stacks = stacks;
  return profile;
}

struct Outcome {
  int exit_code = kExitFailure;
  std::string out;
  std::string error;
};

Outcome RunOn(const std::string& text, const Words& words, const std::string& data_dir = "/data") {
  std::ostringstream out;
  Environment environment{.out = out,
                          .now_us = kTextStartUs + 3'600'000'000,
                          .default_data_dir = data_dir,
                          .open = [&](const std::string&) -> Result<OpenedData> {
                            auto source = std::make_unique<TextSource>(text);
                            SymbolLookup symbols = source->symbols();
                            return OpenedData{std::move(source), std::move(symbols),
                                              [] { return std::vector<std::string>(); }};
                          }};
  const Result<int> result = RunProgram(words, environment);
  if (!result.ok()) return {kExitFailure, out.str(), result.status().message()};
  return {*result, out.str(), ""};
}

Outcome Hotroute(const Words& words) { return RunOn(kText, words); }

TEST(ProgramTest, EveryCommandHasHelpWithItsExample) {
  for (const Command* command : AllCommands()) {
    const CommandInfo& info = command->info();
    const std::string name(info.name);
    const std::string help = Hotroute({"help", name}).out;
    EXPECT_THAT(help, HasSubstr("usage: hotroute " + name));
    EXPECT_THAT(help, HasSubstr("example: hotroute " + name));
    EXPECT_EQ(Hotroute({name, "--help"}).out, help);
    EXPECT_THAT(Hotroute({"help"}).out, HasSubstr("  " + name));
  }
}

TEST(ProgramTest, UnknownCommandsSuggestTheNearest) {
  EXPECT_THAT(Hotroute({"url"}).error, HasSubstr("did you mean urls?"));
  EXPECT_THAT(Hotroute({}).error, HasSubstr("no command given"));
  EXPECT_THAT(Hotroute({"help", "tpo"}).error, HasSubstr("did you mean top?"));
}

TEST(ProgramTest, WithoutADataDirectorySaysHowToNameOne) {
  const std::string error = RunOn(kText, {"urls"}, "").error;
  EXPECT_THAT(error, HasSubstr("--data-dir DIR"));
  EXPECT_THAT(error, HasSubstr("HOTROUTE_DATA_DIR"));
}

TEST(ProgramTest, UnknownUrlsSuggestTheNearest) {
  EXPECT_EQ(Hotroute({"top", "evnt.index"}).error,
            "unknown url_name or task_name 'evnt.index'; did you mean event.index? `hotroute urls` "
            "lists all");
}

TEST(ProgramTest, NothingInRangeSaysWhereDataIs) {
  EXPECT_EQ(Hotroute({"top", "event.index", "--from", "2026-11-20"}).error,
            "no profile of event.index in that time range; there are profiles from 2026-11-19 "
            "00:00:01 to "
            "2026-11-19 00:00:02 UTC");
  EXPECT_THAT(Hotroute({"paths", "event.index", "--status", "404"}).error,
              HasSubstr("matches --status 404"));
  EXPECT_THAT(Hotroute({"top", "healthcheck"}).error, HasSubstr("none was selected"));
  EXPECT_THAT(Hotroute({"top", "cart.add"}).error, HasSubstr("only forced profiles match"));
  EXPECT_THAT(RunOn("", {"urls"}).error, HasSubstr("holds no request yet"));
}

TEST(ProgramTest, BadConditionsAreNamed) {
  EXPECT_THAT(Hotroute({"urls", "--duration", "fast"}).error, HasSubstr("'fast'"));
  EXPECT_THAT(Hotroute({"urls", "--since", "1h", "--from", "2026-11-19"}).error,
              HasSubstr("keep one"));
  EXPECT_THAT(Hotroute({"requests", "event.index", "--sort", "best"}).error, HasSubstr("'best'"));
  EXPECT_THAT(Hotroute({"show", "12"}).error, HasSubstr("'12' is not a request's id"));
  EXPECT_THAT(Hotroute({"show", "00000001-7"}).error, HasSubstr("no request has the id"));
  EXPECT_THAT(Hotroute({"flame", "event.index"}).error, HasSubstr("-o FILE.html"));
  EXPECT_THAT(Hotroute({"flame", "event.index", "-o", "x.png"}).error, HasSubstr(".html nor .svg"));
  EXPECT_THAT(Hotroute({"export", "event.index", "--to", "pdf", "-o", "x"}).error,
              HasSubstr("--to folded"));
}

TEST(ProgramTest, ErrorsAreOneLine) {
  for (const Words& words : {Words{"url"}, Words{"top"}, Words{"top", "nope"}, Words{"urls", "--x"},
                             Words{"flame", "event.index"}, Words{"urls", "--status", "x"}}) {
    const Outcome outcome = Hotroute(words);
    EXPECT_EQ(outcome.exit_code, kExitFailure);
    EXPECT_FALSE(outcome.error.empty());
    EXPECT_THAT(outcome.error, Not(HasSubstr("\n")));
    EXPECT_EQ(outcome.out, "");
  }
}

TEST(ProgramTest, JsonHasOneShapeEverywhere) {
  for (const Words& words : {Words{"urls"}, Words{"top", "event.index"},
                             Words{"paths", "event.index"}, Words{"labels", "event.index"},
                             Words{"requests", "event.index"}, Words{"show", "7e21c0de-2"}}) {
    Words with_format = words;
    with_format.insert(with_format.end(), {"--format", "json"});
    const auto document = nlohmann::json::parse(Hotroute(with_format).out);
    EXPECT_EQ(document.at("schema"), "hotroute." + words[0] + ".v1");
    EXPECT_EQ(document.at("command"), words[0]);
    EXPECT_TRUE(document.at("losses").is_object());
    EXPECT_TRUE(document.at("rows").is_array());
    EXPECT_GE(document.at("rows_total").get<size_t>(), document.at("rows").size());
    EXPECT_GE(document.at("population").at("requests").get<double>(), 1.0);
  }
}

TEST(ProgramTest, AnswersByFunctionSayWhatTheSymbolFilesLack) {
  for (const Words& words :
       {Words{"top", "event.index"}, Words{"paths", "event.index"}, Words{"show", "7e21c0de-2"}}) {
    std::ostringstream out;
    Environment environment{.out = out, .default_data_dir = "/data", .open = {}};
    environment.open = [](const std::string&) -> Result<OpenedData> {
      auto source = std::make_unique<TextSource>(kText);
      SymbolLookup symbols = source->symbols();
      return OpenedData{std::move(source), std::move(symbols),
                        [] { return std::vector<std::string>{"symbols/aa.sym: offset 64: bad"}; }};
    };
    ASSERT_TRUE(RunProgram(words, environment).ok());
    EXPECT_THAT(out.str(), HasSubstr("damaged: symbols/aa.sym: offset 64: bad\n"));
  }
}

TEST(ProgramTest, OutputCannotMoveTheCursor) {
  const Outcome outcome = RunOn("profile evil\x1b[2J GET 200 wall=5ms cpu=5ms\n", {"urls"});
  EXPECT_THAT(outcome.out, HasSubstr("evil\\x1b[2J"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("\x1b")));
}

TEST(ProgramTest, JsonSurvivesBytesThatAreNoText) {
  const Outcome outcome =
      RunOn("profile bad\xff GET 200 wall=5ms cpu=5ms\n", {"urls", "--format", "json"});
  EXPECT_EQ(nlohmann::json::parse(outcome.out).at("rows")[0].at("url_name"), "bad\xef\xbf\xbd");
}

TEST(ProgramTest, ExportsFoldedStacksOfAllRequests) {
  testing::DataDirectory directory;
  const std::string path = directory.path() + "/out.folded";
  const Outcome outcome = Hotroute({"export", "event.index", "--to", "folded", "-o", path});
  ASSERT_EQ(outcome.error, "");
  // 10 requests of 10 ms, and one of 50 ms, in microseconds.
  EXPECT_EQ(*ReadFile(path), "main;query 50000\nmain;serve 100000\n");
  EXPECT_THAT(outcome.out, HasSubstr("wrote "));
  // --to is the format here, so the end of the time range is --until.
  const Outcome early = Hotroute(
      {"export", "event.index", "--to", "folded", "-o", path, "--until", "2026-11-19 00:00:02"});
  ASSERT_EQ(early.error, "");
  EXPECT_EQ(*ReadFile(path), "main;serve 100000\n");
}

TEST(ProgramTest, WritesFlameGraphsByTheEndingOfTheFile) {
  testing::DataDirectory directory;
  const std::string html = directory.path() + "/x.html";
  const std::string svg = directory.path() + "/x.svg";
  ASSERT_EQ(Hotroute({"flame", "event.index", "-o", html}).error, "");
  ASSERT_EQ(Hotroute({"flame", "event.index", "-o", svg}).error, "");
  EXPECT_THAT(*ReadFile(html), StartsWith("<!"));
  EXPECT_THAT(*ReadFile(svg), HasSubstr("<svg"));
  EXPECT_THAT(Hotroute({"flame", "event.index", "-o", "/nowhere/x.svg"}).error,
              HasSubstr("/nowhere/x.svg"));
}

TEST(ProgramTest, VerifyExitsWithOneOnDamage) {
  testing::DataDirectory directory;
  testing::SegmentBuilder builder;
  builder.Add(ProfileOf("main;serve 3")).Add(ProfileOf("main 1"));
  const std::string path = directory.Write(builder);
  EXPECT_EQ(Hotroute({"verify", "--data-dir", directory.path()}).exit_code, kExitDone);
  std::string bytes = *ReadFile(path);
  bytes[kFileHeaderBytes + kFrameHeaderBytes + 4] ^= 1;
  directory.WriteBytes(builder, bytes);
  const Outcome outcome = Hotroute({"verify", "--data-dir", directory.path()});
  EXPECT_EQ(outcome.exit_code, kExitFinding);
  EXPECT_THAT(outcome.out, HasSubstr("offset 64"));
}

TEST(ProgramTest, StatsCountsWhatIsThere) {
  testing::DataDirectory directory;
  testing::SegmentBuilder builder;
  builder.Add(ProfileOf("main;serve 3")).Add(testing::TestLosses{{"ring_full", 4}});
  directory.Write(builder);
  const Outcome text = Hotroute({"stats", "--data-dir", directory.path()});
  EXPECT_THAT(text.out, HasSubstr("1 profile,"));
  EXPECT_THAT(text.out, HasSubstr("lost: 4 samples dropped"));
  const auto document = nlohmann::json::parse(
      Hotroute({"stats", "--data-dir", directory.path(), "--format", "json"}).out);
  EXPECT_EQ(document.at("losses").at("ring_full"), 4);
  EXPECT_EQ(document.at("rows")[0].at("url_name"), "event.index");
}

}  // namespace
}  // namespace hotroute::viewer
