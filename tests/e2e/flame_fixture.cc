// Writes the flame graph pages that the browser tests open: flame_fixture
// <shop|hostile|large|deep|empty> <file>.
//
// Every tree is the same in every run: fixed shapes and a fixed seed.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "viewer/render/flame_html.h"
#include "viewer/render/flame_svg.h"

namespace hotroute::viewer {
namespace {

// Builds a tree from stacks such as "serve;parse 3", the number being ms per request. Nodes come in
// the order of their first stack, so stacks must be given heaviest sibling first. Owned by one
// page's function.
class TreeBuilder {
 public:
  TreeBuilder() { tree_.nodes.emplace_back(); }

  void Add(const std::vector<Frame>& stack, double ms) {
    uint32_t node = 0;
    Charge(node, ms);
    for (const Frame& frame : stack) {
      const auto [it, added] = children_.try_emplace({node, FrameIndex(frame)}, tree_.nodes.size());
      if (added) {
        tree_.nodes.emplace_back();
        tree_.nodes.back().parent = node;
        tree_.nodes.back().frame = FrameIndex(frame);
      }
      node = static_cast<uint32_t>(it->second);
      Charge(node, ms);
    }
    tree_.nodes[node].self_ms += ms;
  }

  CallTree Take() && { return std::move(tree_); }

 private:
  void Charge(uint32_t node, double ms) {
    tree_.nodes[node].total_ms += ms;
    tree_.nodes[node].samples += ms * 10;
  }

  uint32_t FrameIndex(const Frame& frame) {
    const auto [it, added] =
        frames_.try_emplace(frame.module + '\n' + frame.function, tree_.frames.size());
    if (added) tree_.frames.push_back(frame);
    return static_cast<uint32_t>(it->second);
  }

  CallTree tree_;
  std::map<std::pair<uint32_t, uint32_t>, size_t> children_;
  std::map<std::string, size_t> frames_;
};

// A route of a ticket shop that counts quotas in SQL for each time slot.
CallTree ShopTree() {
  const std::string shop = "ticketshop";
  const std::string sqlite = "libsqlite3.so.0";
  const std::string libc = "libc.so.6";
  const Frame start = {"start_thread", libc, "nptl/pthread_create.c", 442};
  const Frame worker = {"httplib::ThreadPool::worker::operator()()", shop, "/usr/include/httplib.h",
                        612};
  const Frame serve = {"httplib::Server::process_request(httplib::Stream&, bool, bool&)", shop,
                       "/usr/include/httplib.h", 5821};
  const Frame route = {
      "ticketshop::pages::EventIndex(ticketshop::Context&, httplib::Request const&)", shop,
      "pages.cc", 88};
  const Frame load = {
      "ticketshop::catalogue::LoadTimeSlots(long, std::vector<ticketshop::Slot, "
      "std::allocator<ticketshop::Slot>>*)",
      shop, "catalogue.cc", 140};
  const Frame quota = {"ticketshop::catalogue::CountQuota(ticketshop::Slot const&)", shop,
                       "catalogue.cc", 171};
  const Frame step = {"sqlite3_step", sqlite, "", 0};
  const Frame exec = {"sqlite3VdbeExec", sqlite, "", 0};
  const Frame compare = {"vdbeRecordCompareInt", sqlite, "", 0};
  const Frame move_to = {"sqlite3BtreeIndexMoveto", sqlite, "", 0};
  const Frame next = {"sqlite3BtreeNext", sqlite, "", 0};
  const Frame prepare = {"sqlite3_prepare_v2", sqlite, "", 0};
  const Frame parser = {"sqlite3RunParser", sqlite, "", 0};
  const Frame render = {
      "ticketshop::pages::RenderTemplate(std::string_view, ticketshop::Values const&)", shop,
      "pages.cc", 30};
  const Frame escape = {"ticketshop::pages::EscapeHtml(std::string_view)", shop, "pages.cc", 12};
  const Frame append = {
      "std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> "
      ">::_M_append(char const*, unsigned long)",
      "libstdc++.so.6", "", 0};
  const Frame copy = {"__memmove_avx_unaligned_erms", libc, "", 0};
  const Frame alloc = {"malloc", libc, "malloc/malloc.c", 3287};
  const Frame compress = {"deflate", "libz.so.1", "", 0};
  const Frame longest = {"longest_match", "libz.so.1", "", 0};
  const Frame write = {"__libc_write", libc, "", 0};
  const Frame jit = {"ticketshop+0x1f3a0", shop, "", 0};

  TreeBuilder tree;
  tree.Add({start, worker, serve, route, load, quota, step, exec, move_to, compare}, 8.0);
  tree.Add({start, worker, serve, route, load, quota, step, exec, move_to}, 5.0);
  tree.Add({start, worker, serve, route, load, quota, step, exec}, 4.0);
  tree.Add({start, worker, serve, route, load, quota, step, exec, next}, 3.0);
  tree.Add({start, worker, serve, route, load, quota, prepare, parser}, 4.0);
  tree.Add({start, worker, serve, route, load, quota, prepare, parser, alloc}, 1.0);
  tree.Add({start, worker, serve, route, load, alloc}, 1.5);
  tree.Add({start, worker, serve, route, render, escape, append, copy}, 3.0);
  tree.Add({start, worker, serve, route, render, escape, append}, 2.0);
  tree.Add({start, worker, serve, route, render, escape}, 1.5);
  tree.Add({start, worker, serve, route, render, alloc}, 0.8);
  tree.Add({start, worker, serve, route, jit}, 0.4);
  tree.Add({start, worker, serve, compress, longest}, 2.5);
  tree.Add({start, worker, serve, compress}, 1.0);
  tree.Add({start, worker, serve, write}, 0.9);
  tree.Add({start, worker, alloc}, 0.2);
  return std::move(tree).Take();
}

CallTree HostileTree() {
  const std::vector<std::string> names = {
      "<img src=x onerror=\"window.hacked=1\">",
      "</script><script>window.hacked=1</script>",
      "<!--<script>",
      std::string(4000, 'W'),
      "\u05E9\u05DC\u05D5\u05DD \u202Egnp.exe",
      "broken \xC3\x28 \xFF utf-8",
      "@DATA@ @SCRIPT@ ${x} `y` '\"&amp;",
      std::string("nul\0inside", 10),
      "__proto__",
  };
  TreeBuilder tree;
  double ms = 20;
  for (const std::string& name : names) {
    Frame frame;
    frame.function = name;
    frame.module = name.substr(0, 60);
    frame.file = name.substr(0, 60);
    tree.Add({frame}, ms--);
  }
  return std::move(tree).Take();
}

// 200,000 nodes, 12,000 names, depths as of a large service.
CallTree LargeTree() {
  constexpr uint32_t kNodes = 200'000;
  constexpr uint32_t kFrames = 12'000;
  std::mt19937 engine(2024);
  const auto random = [&engine] { return static_cast<uint32_t>(engine()); };
  CallTree tree;
  for (uint32_t i = 0; i < kFrames; ++i) {
    tree.frames.push_back(
        {"service::component" + std::to_string(i % 97) + "::Function" + std::to_string(i) + "(int)",
         "lib" + std::to_string(i % 23) + ".so", "src/file" + std::to_string(i % 400) + ".cc", i});
  }
  tree.nodes.emplace_back();
  std::vector<uint32_t> depth = {0};
  while (tree.nodes.size() < kNodes) {
    // Recent nodes are likelier parents, which makes the tree deep as call trees are.
    const auto size = static_cast<uint32_t>(tree.nodes.size());
    uint32_t parent =
        random() % 4 == 0 ? random() % size : size - 1 - random() % std::min<uint32_t>(size, 300);
    while (depth[parent] > 80) parent = tree.nodes[parent].parent;
    CallTreeNode node;
    node.parent = parent;
    node.frame = random() % kFrames;
    node.self_ms = 1e-5 * (random() % 1000 == 0 ? 5'000 : 1 + random() % 30);
    node.samples = 1;
    tree.nodes.push_back(node);
    depth.push_back(depth[parent] + 1);
  }
  for (CallTreeNode& node : tree.nodes) node.total_ms = node.self_ms;
  for (size_t i = tree.nodes.size() - 1; i > 0; --i) {
    tree.nodes[tree.nodes[i].parent].total_ms += tree.nodes[i].total_ms;
    tree.nodes[tree.nodes[i].parent].samples += tree.nodes[i].samples;
  }
  return tree;
}

CallTree DeepTree() {
  constexpr size_t kDepth = 3000;
  std::vector<Frame> stack;
  for (size_t i = 0; i < kDepth; ++i) {
    stack.push_back(
        {"recurse" + std::to_string(i % 7), "deep.so", "deep.cc", static_cast<uint32_t>(i)});
  }
  stack.push_back({"bottom", "deep.so", "deep.cc", 1});
  TreeBuilder tree;
  tree.Add(stack, 5);
  return std::move(tree).Take();
}

CallTree EmptyTree() { return TreeBuilder().Take(); }

int WritePage(const std::string& kind, const std::string& path) {
  const std::map<std::string, std::function<CallTree()>> trees = {{"shop", ShopTree},
                                                                  {"hostile", HostileTree},
                                                                  {"large", LargeTree},
                                                                  {"deep", DeepTree},
                                                                  {"empty", EmptyTree}};
  const auto found = trees.find(kind);
  if (found == trees.end()) {
    fprintf(stderr, "flame_fixture: no tree \"%s\"; use shop, hostile, large, deep or empty\n",
            kind.c_str());
    return 2;
  }
  FlameInfo info;
  info.title =
      kind == "hostile" ? "event.index</title><script>window.hacked=1</script>" : "event.index";
  info.subtitle = {"2026-03-02 09:00 to 10:00 UTC, shop = acme",
                   "412 profiles for 4,120 requests at fraction 0.1", "lost: nothing"};
  info.cpu_ms = 38.9;
  info.offcpu_ms = 11.4;
  const CallTree tree = found->second();
  const std::string page =
      path.ends_with(".svg") ? RenderFlameSvg(tree, info) : RenderFlameHtml(tree, info);
  const Status status = WriteFileAtomically(path, page);
  if (!status.ok()) fprintf(stderr, "flame_fixture: %s\n", status.message().c_str());
  return status.ok() ? 0 : 2;
}

}  // namespace
}  // namespace hotroute::viewer

int main(int argc, char** argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: flame_fixture <shop|hostile|large|deep|empty> <file.html|file.svg>\n");
    return 2;
  }
  return hotroute::viewer::WritePage(argv[1], argv[2]);
}
