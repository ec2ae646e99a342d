// What Debian's google-pprof makes of our file; it must be installed (package google-perftools).
#include "viewer/formats/gperftools.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <map>
#include <sstream>
#include <string>
#include <utility>

#include "base/file.h"
#include "tests/unit/viewer/formats/example_profile.h"

namespace hotroute::viewer {
namespace {

// What `google-pprof --text` printed.
struct Report {
  uint64_t total = 0;
  std::map<std::string, std::pair<uint64_t, uint64_t>> functions;  // self, cumulative
  std::string output;
};

Report ReadWithGooglePprof(const StackProfile& profile) {
  Report report;
  std::string path = testing::TempDir() + "/gperftools_test_XXXXXX";
  const UniqueFd fd(mkstemp(path.data()));
  EXPECT_TRUE(WriteAll(fd.get(), EncodeGperftools(profile), path).ok());
  FILE* pipe = popen(("google-pprof --text " + path + " 2>&1").c_str(), "r");
  char buffer[4096];
  while (const size_t bytes = fread(buffer, 1, sizeof(buffer), pipe)) {
    report.output.append(buffer, bytes);
  }
  EXPECT_EQ(pclose(pipe), 0) << "google-pprof failed; is the package google-perftools installed?\n"
                             << report.output;
  unlink(path.c_str());

  std::istringstream lines(report.output);
  std::string line;
  while (std::getline(lines, line)) {
    unsigned long long self = 0;
    unsigned long long cumulative = 0;
    int name_at = 0;
    if (sscanf(line.c_str(), "Total: %llu samples", &self) == 1) report.total = self;
    if (sscanf(line.c_str(), "%llu %*s %*s %llu %*s %n", &self, &cumulative, &name_at) == 2) {
      report.functions[line.substr(static_cast<size_t>(name_at))] = {self, cumulative};
    }
  }
  return report;
}

using Values = std::pair<uint64_t, uint64_t>;

TEST(GperftoolsTest, GooglePprofGivesOurTotalsSelfAndCumulative) {
  const Report report = ReadWithGooglePprof(ExampleProfile());
  EXPECT_EQ(report.total, kExampleTotalUs) << report.output;
  const std::map<std::string, Values> expected = {
      {"main", {0, 80'001}},
      {"serve", {10'001, 80'001}},
      {"load", {40'000, 70'000}},  // recursive: counted once per stack
      {"libsqlite3.so.0+0x4000", {30'000, 30'000}},
      {kNoStackName, {5'000, 5'000}},
  };
  EXPECT_EQ(report.functions, expected) << report.output;
}

TEST(GperftoolsTest, GooglePprofKeepsACallerThatAllStacksShare) {
  StackProfile profile = ExampleProfile();
  profile.stacks = {{{0, 1, 2}, 1, 1'000'000, {}}, {{0, 1, 3}, 1, 2'000'000, {}}};
  const Report report = ReadWithGooglePprof(profile);
  EXPECT_EQ(report.total, 3'000u);
  ASSERT_TRUE(report.functions.contains("serve")) << report.output;
  EXPECT_EQ(report.functions.at("serve"), Values(0, 3'000));
}

TEST(GperftoolsTest, GooglePprofKeepsAwkwardNames) {
  StackProfile profile;
  for (const char* name : {"it::operator--", "two\nlines", "<lambda>", "", "a=b"}) {
    const auto frame = static_cast<uint32_t>(profile.frames.size());
    profile.frames.emplace_back().function = name;
    profile.stacks.push_back({{frame}, 1, 1'000, {}});
  }
  const Report report = ReadWithGooglePprof(profile);
  for (const char* name : {"it::operator- -", "two lines", "[lambda]", "[unknown]", "a=b"}) {
    EXPECT_TRUE(report.functions.contains(name)) << name << '\n' << report.output;
  }
}

TEST(GperftoolsTest, GooglePprofReadsValuesAboveThirtyTwoBitsAndDeepStacks) {
  StackProfile profile = ExampleProfile();
  profile.stacks = {{std::vector<uint32_t>(3'000, 2), 1, 6e12 * 1000, {}}};
  const Report report = ReadWithGooglePprof(profile);
  EXPECT_EQ(report.total, 6'000'000'000'000u) << report.output;
}

TEST(GperftoolsTest, GooglePprofReadsAnEmptyProfile) {
  EXPECT_EQ(ReadWithGooglePprof(StackProfile()).total, 0u);
}

TEST(GperftoolsTest, KeepsTheInnermostFramesOfTooDeepStacks) {
  StackProfile profile = ExampleProfile();
  profile.stacks = {{std::vector<uint32_t>(70'000, 0), 1, 1'000'000, {}}};
  profile.stacks[0].frames.back() = 2;
  const Report report = ReadWithGooglePprof(profile);
  ASSERT_TRUE(report.functions.contains("load")) << report.output;
  EXPECT_EQ(report.functions.at("load"), Values(1'000, 1'000));
}

}  // namespace
}  // namespace hotroute::viewer
