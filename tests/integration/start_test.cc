// Bad options and unusable data directories: Start() says what is wrong, and the service runs on.
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <locale>

#include "base/file.h"
#include "tests/integration/recording.h"

namespace hotroute::testing {
namespace {

std::string StartError(const Options& options) {
  std::string error;
  EXPECT_FALSE(Start(options, &error));
  EXPECT_FALSE(GetStats().running);
  Request request("runs.on");
  return error;
}

TEST(StartTest, NamesTheOptionAndItsRange) {
  TemporaryDirectory directory;
  const auto error_of = [&](void (*change)(Options*)) {
    Options options = TestOptions(directory.path());
    change(&options);
    return StartError(options);
  };
  EXPECT_EQ(error_of([](Options* o) { o->fraction = 1.5; }),
            "fraction 1.5 is outside the allowed range, 0 to 1 (0.1 is one request in ten)");
  EXPECT_EQ(error_of([](Options* o) { o->fraction = std::nan(""); }),
            "fraction nan is outside the allowed range, 0 to 1 (0.1 is one request in ten)");
  EXPECT_EQ(error_of([](Options* o) { o->sample_hz = 0; }),
            "sample_hz 0 is outside the allowed range, 1 to 1000 samples per second of CPU time");
  EXPECT_EQ(error_of([](Options* o) { o->slow_threshold_ms = -1; }),
            "slow_threshold_ms -1 is outside the allowed range, 0 (off) to 86400000 (a day)");
  EXPECT_EQ(error_of([](Options* o) { o->data_dir = ""; }),
            "data_dir is not set; give the directory in which profiles are to be stored");
  EXPECT_EQ(error_of([](Options* o) { o->excluded_routes = {"a*b"}; }),
            "route \"a*b\" is not a name or a prefix followed by one '*'");
  EXPECT_EQ(error_of([](Options* o) {
              o->route_fractions = {{"page", 2}};
            }),
            "fraction of route \"page\": 2 is outside the allowed range, 0 to 1 (0.1 is one "
            "request in ten)");
}

TEST(StartTest, RefusesADirectoryOfSomebodyElse) {
  TemporaryDirectory directory;
  std::ofstream(directory.path() + "/precious.txt") << "data";
  EXPECT_EQ(StartError(TestOptions(directory.path())),
            "data_dir " + directory.path() +
                " is not empty and not a hotroute data directory; give one of its own");
  EXPECT_EQ(ListDirectory(directory.path())->size(), 1u);
}

TEST(StartTest, RefusesADirectoryOfANewerVersion) {
  TemporaryDirectory directory;
  std::ofstream(directory.path() + "/STORE")
      << "hotroute data directory\nformat: 99\nid: "
         "00000000-0000-0000-0000-000000000000\ncreated: 2030-01-01T00:00:00Z\n";
  const std::string error = StartError(TestOptions(directory.path()));
  EXPECT_NE(error.find("format 99"), std::string::npos) << error;
  EXPECT_NE(error.find("use a newer hotroute"), std::string::npos) << error;
}

TEST(StartTest, RefusesAFileAndAPlaceThatCannotBeWritten) {
  TemporaryDirectory directory;
  std::ofstream(directory.path() + "/file") << "not a directory";
  EXPECT_NE(StartError(TestOptions(directory.path() + "/file")).find(directory.path() + "/file"),
            std::string::npos);
  // Root may write anywhere but into the kernel's tables.
  const std::string error = StartError(TestOptions("/proc/hotroute"));
  EXPECT_NE(error.find("/proc/hotroute"), std::string::npos) << error;
}

TEST(StartTest, RefusesASecondStart) {
  TemporaryDirectory directory;
  StartOrFail(TestOptions(directory.path()));
  std::string error;
  EXPECT_FALSE(Start(TestOptions(directory.path()), &error));
  EXPECT_EQ(error, "already started; call hotroute_stop first");
  EXPECT_TRUE(GetStats().running);
  Stop();
}

TEST(StartTest, ReadsTheEnvironment) {
  setenv("HOTROUTE_FRACTION", "0.25", 1);
  setenv("HOTROUTE_DATA_DIR", "/data", 1);
  setenv("HOTROUTE_ROUTE_FRACTIONS", "api.*=1,cart.add=0.5", 1);
  setenv("HOTROUTE_EXCLUDED_ROUTES", "healthcheck,static.*", 1);
  setenv("HOTROUTE_KEEP_ERRORS", "1", 1);
  setenv("HOTROUTE_MAX_BYTES", "1000000", 1);
  const Options options = Options::FromEnvironment();
  EXPECT_EQ(options.environment_error, "");
  EXPECT_EQ(options.fraction, 0.25);
  EXPECT_EQ(options.data_dir, "/data");
  EXPECT_EQ(options.route_fractions,
            (std::vector<std::pair<std::string, double>>{{"api.*", 1}, {"cart.add", 0.5}}));
  EXPECT_EQ(options.excluded_routes, (std::vector<std::string>{"healthcheck", "static.*"}));
  EXPECT_TRUE(options.keep_errors);
  EXPECT_EQ(options.max_bytes, 1'000'000u);
}

TEST(StartTest, ReadsNumbersAlikeInEveryLocale) {
  // A locale with a decimal comma, made here because a bare machine has none but C.
  class DecimalComma : public std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
  };
  std::locale::global(std::locale(std::locale(), new DecimalComma));
  setenv("HOTROUTE_FRACTION", "0.25", 1);
  const Options options = Options::FromEnvironment();
  EXPECT_EQ(options.environment_error, "");
  EXPECT_EQ(options.fraction, 0.25);
}

TEST(StartTest, RefusesAnEnvironmentItCannotRead) {
  setenv("HOTROUTE_FRACTION", "10%", 1);
  EXPECT_EQ(StartError(Options::FromEnvironment()), "HOTROUTE_FRACTION: \"10%\" is not a number");
}

TEST(StartTest, CutsLongErrorsToTheCallersBuffer) {
  hotroute_options options;
  hotroute_options_init(&options);
  options.fraction = 7;
  options.data_dir = "/tmp";
  char error[12];
  EXPECT_FALSE(hotroute_start(&options, error, sizeof error));
  EXPECT_STREQ(error, "fraction 7 ");
  EXPECT_FALSE(hotroute_start(&options, nullptr, 0));
}

TEST(StartTest, KeepsToTheByteLimitAndSaysWhatItDropped) {
  TemporaryDirectory directory;
  Options options = TestOptions(directory.path());
  options.max_bytes = 64 * 1024;
  StartOrFail(options);
  for (int i = 0; i < 20'000; ++i) {
    Request request("page", "GET");
    request.SetLabel("number", std::to_string(i));
    if (i % 500 == 0) usleep(30'000);
  }
  Stop();
  const Recording recording = ReadRecording(directory.path());
  // The profiles stay below the limit; what says that they were dropped comes on top.
  EXPECT_LE(DirectoryBytes(directory.path()), options.max_bytes + 16 * 1024);
  EXPECT_GT(recording.losses.at("bytes_limit"), 10'000u);
  EXPECT_EQ(recording.CountOf("page") + recording.losses.at("bytes_limit"), 20'000u);
}

}  // namespace
}  // namespace hotroute::testing
