// Stacks to numbers. Addresses are those of functions in this very program, so that a real module
// map names them; what comes out is compared as text.
#include "profiler/encode/stack_interner.h"

#include <sstream>

#include "gtest/gtest.h"
#include "profiler/encode/file_dictionary.h"
#include "tests/unit/profiler/written_file.h"

namespace hotroute {
namespace {

// 256 bytes of this program's code: addresses in it belong to it, whatever stands there.
__attribute__((aligned(256))) const void* Code() { return reinterpret_cast<const void*>(&Code); }
const uintptr_t kCode = reinterpret_cast<uintptr_t>(&Code);

class StackInternerTest : public ::testing::Test {
 protected:
  StackInternerTest() { modules_.Refresh(); }

  uint32_t Intern(const std::vector<uintptr_t>& pcs) { return Intern(&stacks_, pcs); }
  uint32_t Intern(StackInterner* stacks, const std::vector<uintptr_t>& pcs) {
    return stacks->Intern(pcs, modules_, &new_modules_);
  }

  // "1;2;3": offsets from kCode, root first; "?" before an address of no module.
  static std::string Text(const StackInterner& stacks, const ModuleMap& modules, uint32_t node) {
    std::string text;
    const LoadedModule* own = modules.Find(kCode);
    for (; node != 0; node = stacks.nodes()[node].parent) {
      const StackInterner::Location& location = stacks.locations()[stacks.nodes()[node].location];
      const std::string& path = stacks.modules()[location.module].path;
      const bool known = path == own->path;
      EXPECT_TRUE(known || path == "[unknown]") << path;
      const uint64_t number = known ? location.offset + own->load_bias - kCode : location.offset;
      text = (known ? "" : "?") + std::to_string(number) + (text.empty() ? "" : ";") + text;
    }
    return text;
  }
  std::string Text(uint32_t node) { return Text(stacks_, modules_, node); }

  ModuleMap modules_;
  LossCounters losses_;
  StackInterner stacks_{&losses_};
  std::vector<const LoadedModule*> new_modules_;
};

TEST_F(StackInternerTest, CallersAreNamedByTheirCallAndTheInnermostByItsInstruction) {
  const uint32_t node = Intern({kCode + 30, kCode + 20, kCode + 10});
  EXPECT_EQ(Text(node), "9;19;30");
}

// A call at a function's very end returns to the next function's start.
TEST_F(StackInternerTest, AReturnAddressAtAModulesEndIsStillTheModules) {
  uintptr_t end = kCode;
  while (modules_.Find(end) != nullptr) ++end;
  const uint32_t node = Intern({end, end});
  const std::vector<StackInterner::Node>& nodes = stacks_.nodes();
  const auto module_of = [&](uint32_t n) {
    return stacks_.modules()[stacks_.locations()[nodes[n].location].module].path;
  };
  EXPECT_EQ(module_of(nodes[node].parent), modules_.Find(kCode)->path);
  EXPECT_EQ(module_of(node), "[unknown]");
}

TEST_F(StackInternerTest, EqualStacksAreOneNodeAndSharedCallersAreShared) {
  const uint32_t one = Intern({kCode + 3, kCode + 2, kCode + 1});
  const uint32_t two = Intern({kCode + 4, kCode + 2, kCode + 1});
  EXPECT_EQ(Intern({kCode + 3, kCode + 2, kCode + 1}), one);
  EXPECT_NE(one, two);
  EXPECT_EQ(stacks_.nodes()[one].parent, stacks_.nodes()[two].parent);
  EXPECT_EQ(stacks_.nodes().size(), 1u + 4);
  // The same address as caller and as innermost frame is two locations.
  EXPECT_EQ(Text(Intern({kCode + 2})), "2");
}

TEST_F(StackInternerTest, AnEmptyStackIsTheRoot) { EXPECT_EQ(Intern({}), 0u); }

TEST_F(StackInternerTest, AnUnknownAddressKeepsItsNumber) {
  const uint32_t node = Intern({0x1234, kCode + 10, 0x10});
  EXPECT_EQ(Text(node), "?15;9;?4660");
  // Offsets of known modules are file addresses, so that they mean the same in every process.
  const StackInterner::Location& caller =
      stacks_.locations()[stacks_.nodes()[stacks_.nodes()[node].parent].location];
  EXPECT_EQ(caller.offset, kCode + 9 - modules_.Find(kCode)->load_bias);
}

TEST_F(StackInternerTest, AModuleIsReportedOnceWhenItIsMetFirst) {
  Intern({kCode + 1, 0x1234});
  ASSERT_EQ(new_modules_.size(), 1u);
  EXPECT_EQ(new_modules_[0], modules_.Find(kCode));
  Intern({kCode + 2, 0x5678});
  EXPECT_EQ(new_modules_.size(), 1u);
}

TEST_F(StackInternerTest, AFullTableFoldsIntoTheNearestKnownCaller) {
  StackInterner small(&losses_, 3);
  const uint32_t three = Intern(&small, {kCode + 3, kCode + 2, kCode + 1});
  EXPECT_TRUE(small.is_full());
  EXPECT_EQ(losses_.Get(Loss::kStackTableFull), 0u) << "exactly full is not beyond";
  EXPECT_EQ(Intern(&small, {kCode + 3, kCode + 2, kCode + 1}), three) << "known stacks are whole";
  EXPECT_EQ(losses_.Get(Loss::kStackTableFull), 0u);
  EXPECT_EQ(Text(small, modules_, Intern(&small, {kCode + 9, kCode + 8, kCode + 2, kCode + 1})),
            "0;1");
  EXPECT_EQ(Intern(&small, {kCode + 9}), 0u);
  EXPECT_EQ(losses_.Get(Loss::kStackTableFull), 2u);
  EXPECT_EQ(small.nodes().size(), 1u + 3);
}

TEST_F(StackInternerTest, RebuildKeepsTheStacksOfLiveRequestsAndNothingElse) {
  for (uintptr_t i = 1; i < 100; ++i) Intern({kCode + i, kCode + i, kCode + i});
  std::vector<SampleRunRecord> one = {{Intern({kCode + 40, kCode + 30, kCode + 20}), 1, 0},
                                      {Intern({kCode + 41, kCode + 30, kCode + 20}), 1, 0}};
  std::vector<SampleRunRecord> two = {{Intern({0x1234, kCode + 20}), 1, 0}, {0, 5, 0}};
  const std::vector<std::vector<SampleRunRecord>*> live = {&one, &two};
  stacks_.Rebuild(live);
  EXPECT_EQ(Text(one[0].node_id), "19;29;40");
  EXPECT_EQ(Text(one[1].node_id), "19;29;41");
  EXPECT_EQ(Text(two[0].node_id), "19;?4660");
  EXPECT_EQ(two[1].node_id, 0u) << "the root stays the root";
  EXPECT_EQ(stacks_.nodes().size(), 1u + 5);
  EXPECT_EQ(stacks_.locations().size(), 1u + 5) << "addresses of generated code would pile up";
  EXPECT_EQ(Intern({kCode + 40, kCode + 30, kCode + 20}), one[0].node_id);
  EXPECT_EQ(Text(Intern({kCode + 50, kCode + 60})), "59;50");
}

class FileDictionaryTest : public StackInternerTest {
 protected:
  static Definitions Decode(const std::vector<std::string>& payloads) {
    v1::Payload all;
    for (const std::string& payload : payloads) {
      v1::Payload one;
      EXPECT_TRUE(one.ParseFromString(payload));
      all.MergeFrom(one);
    }
    return DefinitionsOf(all);
  }
  template <typename Table>
  static void ExpectDense(const Table& table) {
    uint32_t expected = 0;
    for (const auto& [id, value] : table) EXPECT_EQ(id, ++expected);
  }
};

TEST_F(FileDictionaryTest, TheSameStringIsTheSameIdAndTheEmptyOneIsNone) {
  FileDictionary dictionary(&stacks_);
  EXPECT_EQ(dictionary.String(""), 0u);
  EXPECT_EQ(dictionary.String("GET"), 1u);
  EXPECT_EQ(dictionary.String(std::string("a\0b", 3)), 2u);
  EXPECT_EQ(dictionary.String("GET"), 1u);
  EXPECT_EQ(dictionary.String("a"), 3u);
  EXPECT_EQ(dictionary.string_bytes(), 3u + 3 + 1);
}

TEST_F(FileDictionaryTest, IdsOfAFileAreDenseInTheOrderOfNeed) {
  Intern({kCode + 90, kCode + 80});  // of another file
  const uint32_t deep = Intern({kCode + 3, kCode + 2, kCode + 1});
  const uint32_t twin = Intern({kCode + 4, kCode + 2, kCode + 1});
  FileDictionary dictionary(&stacks_);
  EXPECT_EQ(dictionary.Node(0), 0u);
  EXPECT_EQ(dictionary.Node(deep), 3u);
  EXPECT_EQ(dictionary.Node(twin), 4u);
  EXPECT_EQ(dictionary.Node(deep), 3u);
  std::string payload;
  dictionary.EncodeNew(&payload);
  const Definitions definitions = Decode({payload});
  ExpectDense(definitions.nodes);
  ExpectDense(definitions.locations);
  ExpectDense(definitions.modules);
  EXPECT_EQ(definitions.nodes.size(), 4u);
  EXPECT_EQ(definitions.modules.size(), 1u);
  for (const auto& [id, node] : definitions.nodes) EXPECT_LT(node.first, id);
}

// Random growth in many steps, and in payloads of more than one piece: what was written frame by
// frame means the same as what is written when the file is sealed, and the same as in the process.
TEST_F(FileDictionaryTest, EncodeNewAndEncodeAllGiveTheSameDefinitions) {
  FileDictionary dictionary(&stacks_);
  std::vector<std::string> pieces;
  std::map<uint32_t, std::string> stacks;
  for (uintptr_t i = 0; i < 3000; ++i) {
    std::vector<uintptr_t> pcs;
    for (uintptr_t depth = 0; depth < 1 + i % 9; ++depth) {
      pcs.push_back(i % 5 == 0 ? 0x1000 + i : kCode + i * (depth + 7) % 251);
    }
    const uint32_t node = Intern(pcs);
    const uint32_t id = dictionary.Node(node);
    dictionary.String("label" + std::to_string(i));
    stacks[id] = Text(node);
    if (i % 3 == 0) dictionary.EncodeNew(&pieces.emplace_back());
  }
  dictionary.EncodeNew(&pieces.emplace_back());
  dictionary.EncodeNew(&pieces.emplace_back());
  EXPECT_EQ(pieces.back(), "") << "nothing new";
  std::vector<std::string> all;
  const auto add = [&](std::string_view payload) {
    all.emplace_back(payload);
    return Status();
  };
  ASSERT_TRUE(dictionary.EncodeAll("", add).ok());
  const Definitions by_frame = Decode(pieces);
  const Definitions sealed = Decode(all);
  EXPECT_EQ(by_frame, sealed);
  ExpectDense(sealed.strings);
  ExpectDense(sealed.locations);
  ExpectDense(sealed.nodes);
  EXPECT_EQ(sealed.strings.size(), 3000u);
  const LoadedModule* own = modules_.Find(kCode);
  for (const auto& [id, text] : stacks) {
    std::string expected;
    std::istringstream frames(text);
    for (std::string frame; std::getline(frames, frame, ';');) {
      const bool known = frame[0] != '?';
      const uint64_t number = std::stoull(known ? frame : frame.substr(1));
      char name[32];
      std::snprintf(
          name, sizeof name, "+0x%llx",
          static_cast<unsigned long long>(known ? number + kCode - own->load_bias : number));
      expected += (expected.empty() ? "" : ";") + (known ? own->path : "[unknown]") + name;
    }
    ASSERT_EQ(sealed.Stack(id), expected);
  }
}

TEST_F(FileDictionaryTest, AFailureOfTheSinkEndsTheEncoding) {
  FileDictionary dictionary(&stacks_);
  for (int i = 0; i < 1000; ++i) dictionary.String("label" + std::to_string(i));
  int calls = 0;
  const Status status = dictionary.EncodeAll("first", [&](std::string_view payload) {
    EXPECT_EQ(payload == "first", calls == 0);
    return ++calls == 2 ? Exhausted("full") : Status();
  });
  EXPECT_EQ(status.code(), StatusCode::kExhausted);
  EXPECT_EQ(calls, 2);
}

}  // namespace
}  // namespace hotroute
