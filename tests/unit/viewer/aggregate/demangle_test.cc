#include "viewer/aggregate/demangle.h"

#include <gtest/gtest.h>

namespace hotroute::viewer {
namespace {

TEST(DemangleTest, LeavesCNamesAlone) {
  EXPECT_EQ(DisplayName("sqlite3_step"), "sqlite3_step");
  EXPECT_EQ(DisplayName("_start"), "_start");
  EXPECT_EQ(DisplayName("_Znonsense"), "_Znonsense");
}

TEST(DemangleTest, DropsParametersAndQualifiers) {
  EXPECT_EQ(DisplayName("_ZNK4shop6Loader4loadEi"), "shop::Loader::load");
}

TEST(DemangleTest, DropsReturnTypes) {
  EXPECT_EQ(ShortenDemangled("int shop::twice<int>(int)"), "shop::twice<int>");
  EXPECT_EQ(ShortenDemangled("std::vector<int, std::allocator<int> > make<int>()"), "make<int>");
}

TEST(DemangleTest, KeepsOneLevelOfTemplateArguments) {
  EXPECT_EQ(ShortenDemangled("std::map<int, std::vector<char> >::at(int const&) const"),
            "std::map<int, std::vector<...>>::at");
}

TEST(DemangleTest, ShortensStandardStrings) {
  EXPECT_EQ(ShortenDemangled("parse(std::__cxx11::basic_string<char, std::char_traits<char>, "
                             "std::allocator<char> > const&)"),
            "parse");
  EXPECT_EQ(ShortenDemangled("std::__cxx11::basic_string<char, std::char_traits<char>, "
                             "std::allocator<char> >::append(char const*)"),
            "std::string::append");
}

TEST(DemangleTest, KeepsOperatorsWhole) {
  EXPECT_EQ(ShortenDemangled("Money::operator()(int) const"), "Money::operator()");
  EXPECT_EQ(ShortenDemangled("std::ostream& operator<< <char>(std::ostream&, char)"),
            "operator<<<char>");
  EXPECT_EQ(ShortenDemangled("operator new(unsigned long)"), "operator new");
  EXPECT_EQ(ShortenDemangled("Money::operator bool() const"), "Money::operator bool");
  EXPECT_EQ(ShortenDemangled("Money::operator->()"), "Money::operator->");
}

TEST(DemangleTest, KeepsAnonymousNamespacesAndLambdas) {
  EXPECT_EQ(ShortenDemangled("shop::(anonymous namespace)::load(int)"),
            "shop::(anonymous namespace)::load");
  EXPECT_EQ(ShortenDemangled("serve(int)::{lambda(char const*)#2}::operator()(char const*) const"),
            "serve::{lambda#2}::operator()");
}

TEST(DemangleTest, SurvivesUnbalancedText) {
  EXPECT_EQ(ShortenDemangled("broken<int").substr(0, 7), "broken<");
  EXPECT_EQ(ShortenDemangled("(((("), "((((");
  EXPECT_EQ(ShortenDemangled(""), "");
}

}  // namespace
}  // namespace hotroute::viewer
