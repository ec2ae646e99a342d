// Runs `hotroute` on profiles written as text and compares all it prints with the files beside
// them.
//
// In: cases/<name>/{input.txt, command.txt}. Compared: output.txt, and output.json of the same
// command with --format json. --update writes them anew; read the difference before committing it.
#include <gtest/gtest.h>

#include <cstring>
#include <sstream>
#include <string>
#include <vector>

#include "base/file.h"
#include "tests/unit/viewer/aggregate/text_source.h"
#include "viewer/cli/program.h"

namespace hotroute::viewer {
namespace {

bool update = false;

std::string ReadOrEmpty(const std::string& path) {
  const Result<std::string> text = ReadFile(path);
  return text.ok() ? *text : "";
}

std::string RunCase(const std::string& folder, const std::vector<std::string>& extra) {
  std::ostringstream out;
  Environment environment{.out = out,
                          .now_us = kTextStartUs + 3'600'000'000,
                          .default_data_dir = "/data",
                          .open = [&](const std::string&) -> Result<OpenedData> {
                            auto source =
                                std::make_unique<TextSource>(ReadOrEmpty(folder + "/input.txt"));
                            SymbolLookup symbols = source->symbols();
                            return OpenedData{std::move(source), std::move(symbols),
                                              [] { return std::vector<std::string>(); }};
                          }};
  std::istringstream command(ReadOrEmpty(folder + "/command.txt"));
  std::vector<std::string> words;
  for (std::string word; command >> word;) words.push_back(word);
  words.insert(words.end(), extra.begin(), extra.end());
  const Result<int> result = RunProgram(words, environment);
  if (result.ok()) return out.str();
  return out.str() + "hotroute: " + result.status().message() + "\n";
}

class GoldenTest : public ::testing::TestWithParam<std::string> {
 protected:
  void Check(const std::string& file, const std::vector<std::string>& extra) {
    const std::string folder = std::string(HOTROUTE_GOLDEN_CASES) + "/" + GetParam();
    const std::string answer = RunCase(folder, extra);
    const std::string path = folder + "/" + file;
    if (update) {
      ASSERT_TRUE(WriteFileAtomically(path, answer).ok()) << path;
    }
    EXPECT_EQ(answer, ReadOrEmpty(path))
        << "if " << path << " is to change: viewer_golden_test --update";
  }
};

TEST_P(GoldenTest, PrintsTheSameText) { Check("output.txt", {}); }
TEST_P(GoldenTest, PrintsTheSameJson) { Check("output.json", {"--format", "json"}); }

std::vector<std::string> Cases() {
  const Result<std::vector<std::string>> names = ListDirectory(HOTROUTE_GOLDEN_CASES);
  return names.ok() ? *names : std::vector<std::string>();
}

INSTANTIATE_TEST_SUITE_P(Cases, GoldenTest, ::testing::ValuesIn(Cases()),
                         [](const auto& param) { return param.param; });

}  // namespace
}  // namespace hotroute::viewer

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i < argc; ++i) {
    hotroute::viewer::update = hotroute::viewer::update || std::strcmp(argv[i], "--update") == 0;
  }
  return RUN_ALL_TESTS();
}
