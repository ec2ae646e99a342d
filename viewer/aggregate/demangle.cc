#include "viewer/aggregate/demangle.h"

#include <cxxabi.h>

#include <cctype>
#include <cstdlib>
#include <memory>

namespace hotroute::viewer {
namespace {

constexpr std::string_view kOperator = "operator";
constexpr std::string_view kAnonymous = "(anonymous namespace)";

void ReplaceAll(std::string_view from, std::string_view to, std::string* text) {
  for (size_t at = text->find(from); at != std::string::npos;
       at = text->find(from, at + to.size())) {
    text->replace(at, from.size(), to);
  }
}

bool IsWord(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Copies a demangled name piece by piece, leaving out what only the compiler needs.
class Shortener {
 public:
  explicit Shortener(std::string_view text) : text_(text) {}

  std::string Run() {
    while (at_ < text_.size()) Step();
    return std::move(out_);
  }

 private:
  void Step() {
    const std::string_view rest = text_.substr(at_);
    if (rest.substr(0, kAnonymous.size()) == kAnonymous) {
      Copy(kAnonymous.size());
    } else if (AtOperator(rest)) {
      CopyOperator();
    } else if (rest[0] == '<') {
      CopyTemplate();
    } else if (rest[0] == '(') {
      at_ += GroupSize(at_, '(', ')');
      after_parameters_ = braces_ == 0;
    } else {
      CopyCharacter(rest[0]);
    }
  }

  bool AtOperator(std::string_view rest) const {
    return rest.substr(0, kOperator.size()) == kOperator && rest.size() > kOperator.size() &&
           !IsWord(rest[kOperator.size()]) && (at_ == 0 || !IsWord(text_[at_ - 1]));
  }

  // "operator()", "operator<<", "operator bool": its own signs are no brackets and its blank ends
  // no return type.
  void CopyOperator() {
    Copy(kOperator.size());
    const std::string_view rest = text_.substr(at_);
    if (rest.substr(0, 2) == "()") return Copy(2);
    if (rest.substr(0, 1) == " ") return Copy(rest.substr(0, rest.find('(')).size());
    size_t signs = 0;
    while (signs < rest.size() && !IsWord(rest[signs]) && rest[signs] != '(' &&
           rest[signs] != ' ' && !(signs > 0 && rest[signs] == '<' && rest[signs - 1] != '<')) {
      ++signs;
    }
    Copy(signs);
    // The demangler keeps the signs and the template's bracket apart: "operator<< <char>".
    if (text_.substr(at_, 2) == " <") ++at_;
  }

  // Keeps one level of arguments: "<int, std::vector<...>>".
  void CopyTemplate() {
    const size_t end = at_ + GroupSize(at_, '<', '>');
    out_ += '<';
    for (++at_; at_ + 1 < end;) {
      if (text_[at_] == '<') {
        at_ += GroupSize(at_, '<', '>');
        out_ += "<...>";
      } else if (text_[at_] == ' ' && at_ + 2 == end) {
        ++at_;
      } else {
        out_ += text_[at_++];
      }
    }
    out_ += '>';
    at_ = end;
  }

  void CopyCharacter(char c) {
    if (c == '{') ++braces_;
    if (c == '}') --braces_;
    if (c == ':') after_parameters_ = false;
    if (c == ' ' && braces_ == 0) {
      // Before the parameters a blank ends the return type; behind them come only " const", " &", "
      // [clone ...]".
      if (after_parameters_) {
        at_ = text_.find("::", at_);
        if (at_ == std::string_view::npos) at_ = text_.size();
        return;
      }
      out_.clear();
      ++at_;
      return;
    }
    Copy(1);
  }

  // Length of the bracketed group that begins at `begin`; to the end of the text where it is never
  // closed.
  size_t GroupSize(size_t begin, char open, char close) const {
    size_t depth = 0;
    for (size_t i = begin; i < text_.size(); ++i) {
      if (text_[i] == open) ++depth;
      // "->" within an argument closes nothing.
      if (text_[i] == close && (i == 0 || text_[i - 1] != '-') && --depth == 0)
        return i - begin + 1;
    }
    return text_.size() - begin;
  }

  void Copy(size_t count) {
    out_ += text_.substr(at_, count);
    at_ += count;
  }

  const std::string_view text_;
  size_t at_ = 0;
  int braces_ = 0;
  bool after_parameters_ = false;
  std::string out_;
};

}  // namespace

std::string ShortenDemangled(std::string_view name) {
  std::string text(name);
  ReplaceAll("std::__cxx11::", "std::", &text);
  ReplaceAll("std::basic_string<char, std::char_traits<char>, std::allocator<char> >",
             "std::string", &text);
  std::string shortened = Shortener(text).Run();
  return shortened.empty() ? text : shortened;
}

std::string DisplayName(std::string_view mangled) {
  if (mangled.substr(0, 2) != "_Z") return std::string(mangled);
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> demangled(
      abi::__cxa_demangle(std::string(mangled).c_str(), nullptr, nullptr, &status), &std::free);
  if (status != 0 || !demangled) return std::string(mangled);
  return ShortenDemangled(demangled.get());
}

}  // namespace hotroute::viewer
