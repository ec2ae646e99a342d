// Runs a fuzzer without libFuzzer: over every file of a corpus, and over changed copies of each.
//
// usage: <fuzzer> CORPUS_DIRECTORY [CHANGED_COPIES]
// The changes come from a fixed seed, so that a failure is found again.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

constexpr uint32_t kSeed = 20261118;

void Run(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()), input.size());
}

// One to four flips, cuts, insertions or doublings.
std::string Changed(std::string input, std::mt19937& random) {
  const auto below = [&](size_t limit) { return static_cast<size_t>(random()) % (limit + 1); };
  for (size_t changes = 1 + below(3); changes > 0; --changes) {
    const size_t at = below(input.size());
    switch (random() % 4) {
      case 0:
        if (at < input.size()) input[at] = static_cast<char>(random());
        break;
      case 1:
        input.erase(at, 1 + below(16));
        break;
      case 2:
        input.insert(at, 1 + below(8), static_cast<char>(random()));
        break;
      default:
        input.insert(at, input.substr(below(input.size()), below(64)));
    }
  }
  return input;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: %s CORPUS_DIRECTORY [CHANGED_COPIES]\n", argv[0]);
    return 2;
  }
  const int copies = argc > 2 ? std::atoi(argv[2]) : 2000;
  std::mt19937 random(kSeed);
  size_t inputs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
    std::ifstream stream(entry.path(), std::ios::binary);
    const std::string input((std::istreambuf_iterator<char>(stream)),
                            std::istreambuf_iterator<char>());
    std::printf("%s, %zu bytes\n", entry.path().filename().c_str(), input.size());
    Run(input);
    for (int copy = 0; copy < copies; ++copy) Run(Changed(input, random));
    ++inputs;
  }
  // An empty corpus proves nothing.
  std::printf("%zu inputs, %d changed copies of each, seed %u\n", inputs, copies, kSeed);
  return inputs > 0 ? 0 : 1;
}
