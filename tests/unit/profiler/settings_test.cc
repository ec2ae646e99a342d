// Options as hotroute_start reads them: defaults, ranges, and one line for each bad value.
#include "profiler/session/settings.h"

#include <cmath>

#include "gtest/gtest.h"

namespace hotroute {
namespace {

hotroute_options Good() {
  hotroute_options options;
  hotroute_options_init(&options);
  options.data_dir = "/var/lib/shop/hotroute";
  return options;
}

// The message for options that are good but for what `change` does.
template <typename Change>
std::string ErrorOf(Change change) {
  hotroute_options options = Good();
  change(&options);
  const Result<Settings> settings = ReadSettings(options);
  if (settings.ok()) return "accepted";
  EXPECT_EQ(settings.status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(settings.status().message().find('\n'), std::string::npos);
  return settings.status().message();
}

TEST(SettingsTest, DefaultsAreFilledIn) {
  const Result<Settings> settings = ReadSettings(Good());
  ASSERT_TRUE(settings.ok()) << settings.status().message();
  EXPECT_EQ(settings->data_dir, "/var/lib/shop/hotroute");
  EXPECT_EQ(settings->service, program_invocation_short_name);
  EXPECT_EQ(settings->build.size(), 12u);
  EXPECT_EQ(settings->build.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_FALSE(settings->host.empty());
  EXPECT_EQ(settings->fraction, 0.1);
  EXPECT_EQ(settings->sample_hz, 100);
  EXPECT_EQ(settings->max_bytes, uint64_t{4} << 30);
  EXPECT_EQ(settings->keep.slow_threshold_ns, 0u);
  EXPECT_FALSE(settings->keep.keep_errors);
}

TEST(SettingsTest, EveryOptionArrives) {
  hotroute_options options = Good();
  options.service = "shop";
  options.build = "b1";
  options.host = "web1";
  options.fraction = 1;
  const hotroute_route_fraction fractions[] = {{"api.*", 0.5}, {"cart.add", 0}};
  options.route_fractions = fractions;
  options.route_fraction_count = 2;
  const char* excluded[] = {"healthcheck"};
  options.excluded_routes = excluded;
  options.excluded_route_count = 1;
  options.sample_hz = 1000;
  options.slow_threshold_ms = 0.5;
  options.keep_errors = true;
  options.max_bytes = 0;
  const Result<Settings> settings = ReadSettings(options);
  ASSERT_TRUE(settings.ok()) << settings.status().message();
  EXPECT_EQ(settings->service, "shop");
  EXPECT_EQ(settings->build, "b1");
  EXPECT_EQ(settings->host, "web1");
  EXPECT_EQ(settings->fraction, 1);
  EXPECT_EQ(settings->routes.Override("api.list"), ThresholdOf(0.5));
  EXPECT_EQ(settings->routes.Override("cart.add"), Threshold{0});
  EXPECT_TRUE(settings->routes.IsExcluded("healthcheck"));
  EXPECT_EQ(settings->sample_hz, 1000);
  EXPECT_EQ(settings->keep.slow_threshold_ns, 500'000u);
  EXPECT_TRUE(settings->keep.keep_errors);
  EXPECT_EQ(settings->max_bytes, 0u);
}

TEST(SettingsTest, TheEndsOfEveryRangeAreAllowed) {
  for (const double value : {0.0, 1.0})
    EXPECT_EQ(ErrorOf([&](auto* options) { options->fraction = value; }), "accepted");
  for (const double value : {1.0, 1000.0})
    EXPECT_EQ(ErrorOf([&](auto* options) { options->sample_hz = value; }), "accepted");
  for (const double value : {0.0, 86'400'000.0})
    EXPECT_EQ(ErrorOf([&](auto* options) { options->slow_threshold_ms = value; }), "accepted");
}

TEST(SettingsTest, ABadFractionIsNamedWithItsRange) {
  for (const auto& [value, text] : {std::pair{1.5, "1.5"},
                                    {-0.1, "-0.1"},
                                    {10.0, "10"},
                                    {std::nan(""), "nan"},
                                    {HUGE_VAL, "inf"}}) {
    EXPECT_EQ(ErrorOf([&](auto* options) { options->fraction = value; }),
              "fraction " + std::string(text) +
                  " is outside the allowed range, 0 to 1 (0.1 is one request in ten)");
  }
}

TEST(SettingsTest, ABadRateIsNamedWithItsRange) {
  for (const auto& [value, text] :
       {std::pair{0.0, "0"}, {-5.0, "-5"}, {1000.5, "1000.5"}, {std::nan(""), "nan"}}) {
    EXPECT_EQ(ErrorOf([&](auto* options) { options->sample_hz = value; }),
              "sample_hz " + std::string(text) +
                  " is outside the allowed range, 1 to 1000 samples per second of CPU time");
  }
}

TEST(SettingsTest, ABadThresholdIsNamedWithItsRange) {
  for (const auto& [value, text] :
       {std::pair{-1.0, "-1"}, {86'400'001.0, "86400001"}, {std::nan(""), "nan"}}) {
    EXPECT_EQ(ErrorOf([&](auto* options) { options->slow_threshold_ms = value; }),
              "slow_threshold_ms " + std::string(text) +
                  " is outside the allowed range, 0 (off) to 86400000 (a day)");
  }
}

TEST(SettingsTest, AMissingDirectoryIsNamed) {
  const std::string expected =
      "data_dir is not set; give the directory in which profiles are to be stored";
  EXPECT_EQ(ErrorOf([](auto* options) { options->data_dir = nullptr; }), expected);
  EXPECT_EQ(ErrorOf([](auto* options) { options->data_dir = ""; }), expected);
}

TEST(SettingsTest, BadRoutesAreNamed) {
  const auto with_fraction = [](const char* route, double fraction) {
    const hotroute_route_fraction one = {route, fraction};
    return ErrorOf([&](auto* options) {
      options->route_fractions = &one;
      options->route_fraction_count = 1;
    });
  };
  EXPECT_EQ(with_fraction("a*b", 0.5),
            "route \"a*b\" is not a name or a prefix followed by one '*'");
  EXPECT_EQ(with_fraction(nullptr, 0.5),
            "route \"\" is not a name or a prefix followed by one '*'");
  EXPECT_EQ(with_fraction("api.*", 2),
            "fraction of route \"api.*\": 2 is outside the allowed range, 0 to 1 (0.1 is one "
            "request in ten)");
  const char* excluded = "*.css";
  EXPECT_EQ(ErrorOf([&](auto* options) {
              options->excluded_routes = &excluded;
              options->excluded_route_count = 1;
            }),
            "route \"*.css\" is not a name or a prefix followed by one '*'");
}

TEST(SettingsTest, OptionsThatWereNotInitialisedAreRefused) {
  EXPECT_EQ(ErrorOf([](auto* options) { options->struct_size = 0; }),
            "options: call hotroute_options_init first");
}

}  // namespace
}  // namespace hotroute
