// Which requests are stored, with what weight, through the public interface.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <map>
#include <string>

#include "tests/integration/recording.h"

namespace hotroute::testing {
namespace {

void ServeMany(const char* name, int count, int status = 200) {
  for (int i = 0; i < count; ++i) {
    Request request(name, "GET");
    request.SetStatus(status);
  }
}

// Four sigma of the binomial. The seed is the kernel's, so a true library fails once in 16,000
// runs.
void ExpectFraction(uint64_t kept, uint64_t total, double fraction) {
  const double expected = fraction * static_cast<double>(total);
  EXPECT_NEAR(static_cast<double>(kept), expected, 4 * std::sqrt(expected * (1 - fraction)));
}

TEST(SelectionTest, KeepsTheFractionAndCountsEverything) {
  TemporaryDirectory directory;
  Options options = TestOptions(directory.path());
  options.fraction = 0.1;
  options.route_fractions = {{"api.*", 0.5}, {"api.orders.list", 0.0}, {"cart.add", 1.0}};
  options.excluded_routes = {"healthcheck", "static.*"};
  StartOrFail(options);
  ServeMany("event.index", 20'000);
  ServeMany("api.users", 4'000);
  ServeMany("api.orders.list", 1'000);
  ServeMany("cart.add", 500);
  ServeMany("healthcheck", 1'000);
  ServeMany("static.css", 1'000);
  Stop();
  const Recording recording = ReadRecording(directory.path());
  ExpectFraction(recording.CountOf("event.index"), 20'000, 0.1);
  ExpectFraction(recording.CountOf("api.users"), 4'000, 0.5);
  EXPECT_EQ(recording.CountOf("api.orders.list"), 0u);
  EXPECT_EQ(recording.CountOf("cart.add"), 500u);
  EXPECT_EQ(recording.CountOf("healthcheck"), 0u);
  EXPECT_EQ(recording.CountOf("static.css"), 0u);
  const std::map<std::string, uint64_t> exact = {{"event.index", 20'000},    {"api.users", 4'000},
                                                 {"api.orders.list", 1'000}, {"cart.add", 500},
                                                 {"healthcheck", 1'000},     {"static.css", 1'000}};
  EXPECT_EQ(recording.requests, exact);
  for (const StoredProfile& profile : recording.profiles) {
    const double fraction = profile.name == "event.index" ? 0.1
                            : profile.name == "cart.add"  ? 1.0
                                                          : 0.5;
    EXPECT_DOUBLE_EQ(profile.fraction, fraction);
    EXPECT_DOUBLE_EQ(profile.probability, fraction);
    EXPECT_EQ(profile.stratum, store::Stratum::kRandom);
  }
}

TEST(SelectionTest, KeepsSlowAndFailedRequestsWithWeightsThatAddUpToAll) {
  TemporaryDirectory directory;
  Options options = TestOptions(directory.path());
  options.fraction = 0.2;
  options.slow_threshold_ms = 5;
  options.keep_errors = true;
  StartOrFail(options);
  ServeMany("page", 5'000);
  ServeMany("page", 300, 500);
  for (int i = 0; i < 20; ++i) {
    Request request("page", "GET");
    request.SetStatus(200);
    usleep(6'000);
  }
  for (int i = 0; i < 50; ++i) {
    Task task("mail");
    task.SetStatus(i % 2 ? TaskStatus::kError : TaskStatus::kExpectedError);
  }
  Stop();
  const Recording recording = ReadRecording(directory.path());
  uint64_t slow = 0, errors = 0, random = 0, failed_tasks = 0;
  double total = 0;
  for (const StoredProfile& profile : recording.profiles) {
    if (profile.is_task) {
      failed_tasks += profile.stratum == store::Stratum::kError;
      EXPECT_EQ(profile.stratum == store::Stratum::kError, profile.status == HOTROUTE_TASK_ERROR);
      continue;
    }
    total += 1 / profile.probability;
    slow += profile.stratum == store::Stratum::kSlow;
    errors += profile.stratum == store::Stratum::kError;
    random += profile.stratum == store::Stratum::kRandom;
    EXPECT_DOUBLE_EQ(profile.probability, profile.stratum == store::Stratum::kRandom ? 0.2 : 1.0);
  }
  // A busy machine may make a few fast requests slow; none can be made fast.
  EXPECT_GE(slow, 20u);
  EXPECT_LE(slow, 40u);
  EXPECT_GE(errors + slow, 320u);
  EXPECT_EQ(failed_tasks, 25u);
  ExpectFraction(random, 5'000, 0.2);
  EXPECT_NEAR(total, 5'320, 4 * std::sqrt(5'000 * 0.8 / 0.2));
}

TEST(SelectionTest, ChangesTheFractionWhileRunning) {
  TemporaryDirectory directory;
  Options options = TestOptions(directory.path());
  options.fraction = 0;
  StartOrFail(options);
  ServeMany("page", 1'000);
  EXPECT_TRUE(SetFraction(1));
  ServeMany("page", 100);
  EXPECT_TRUE(SetFraction(0));
  ServeMany("page", 1'000);
  std::string error;
  EXPECT_FALSE(SetFraction(1.5, &error));
  EXPECT_EQ(error, "fraction 1.5 is outside the allowed range, 0 to 1 (0.1 is one request in ten)");
  EXPECT_EQ(GetStats().fraction, 0);
  Stop();
  const Recording recording = ReadRecording(directory.path());
  EXPECT_EQ(recording.CountOf("page"), 100u);
  EXPECT_EQ(recording.requests.at("page"), 2'100u);
}

TEST(SelectionTest, DecidesByTraceIdAlike) {
  TemporaryDirectory directory;
  Options options = TestOptions(directory.path());
  options.fraction = 0.3;
  StartOrFail(options);
  const auto serve = [](const char* name) {
    for (uint64_t i = 0; i < 3'000; ++i) {
      Request request(name);
      const uint64_t id[2] = {i, i * 7919};
      request.SetTraceId({reinterpret_cast<const char*>(id), sizeof id});
    }
  };
  serve("frontend");
  serve("backend");
  Stop();
  const Recording recording = ReadRecording(directory.path());
  std::map<std::string, std::map<std::string, int>> by_trace;
  for (const StoredProfile& profile : recording.profiles)
    ++by_trace[profile.trace_id][profile.name];
  for (const auto& [trace_id, services] : by_trace) {
    EXPECT_EQ(trace_id.size(), 16u);
    EXPECT_EQ(services, (std::map<std::string, int>{{"backend", 1}, {"frontend", 1}}));
  }
  ExpectFraction(by_trace.size(), 3'000, 0.3);
}

TEST(SelectionTest, BoundsLabelsAndNamesAndCountsWhatItCuts) {
  TemporaryDirectory directory;
  StartOrFail(TestOptions(directory.path()));
  {
    Request request(std::string(500, 'n'), "GET");
    for (int i = 0; i < 20; ++i) request.SetLabel("key" + std::to_string(i), "value");
    request.SetLabel("key0", std::string(1000, 'v'));
  }
  for (int i = 0; i < 10'050; ++i) Request request("route/" + std::to_string(i));
  Stop();
  const Recording recording = ReadRecording(directory.path());
  const StoredProfile& first = recording.profiles.at(0);
  EXPECT_EQ(first.name, std::string(200, 'n'));
  EXPECT_EQ(first.labels.size(), 16u);
  EXPECT_EQ(first.labels.at("key0"), std::string(256, 'v'));
  EXPECT_EQ(recording.losses.at("label_limit"), 4u);
  EXPECT_EQ(recording.losses.at("label_truncated"), 1u);
  EXPECT_EQ(recording.losses.at("name_truncated"), 1u);
  // One name is the long one, so 9,999 of the routes have a name of their own.
  EXPECT_EQ(recording.requests.at("[other]"), 51u);
  EXPECT_EQ(recording.requests.size(), 10'001u);
}

}  // namespace
}  // namespace hotroute::testing
