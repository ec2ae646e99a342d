// Status, Result and the two macros that pass failures on.
#include "base/status.h"

#include <cerrno>
#include <memory>
#include <string>
#include <utility>

#include "gtest/gtest.h"

namespace hotroute {
namespace {

Status FailIf(bool fail) { return fail ? NotFound("profile 7: no such profile") : Status(); }

Result<int> HalfOf(int number) {
  if (number % 2 != 0) return InvalidArgument("number " + std::to_string(number) + ": not even");
  return number / 2;
}

Status Both(bool first, bool second, int* steps) {
  HOTROUTE_RETURN_IF_ERROR(FailIf(first));
  ++*steps;
  HOTROUTE_RETURN_IF_ERROR(FailIf(second));
  ++*steps;
  return {};
}

Result<int> QuarterOf(int number) {
  HOTROUTE_ASSIGN_OR_RETURN(const int half, HalfOf(number));
  HOTROUTE_ASSIGN_OR_RETURN(const int quarter, HalfOf(half));
  return quarter;
}

Result<std::unique_ptr<int>> Boxed(int number) {
  HOTROUTE_ASSIGN_OR_RETURN(const int half, HalfOf(number));
  return std::make_unique<int>(half);
}

TEST(StatusTest, DefaultIsSuccessWithoutMessage) {
  const Status status;
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(status.code(), StatusCode::kOk);
  EXPECT_EQ(status.message(), "");
}

TEST(StatusTest, EachConstructorFunctionGivesItsCodeAndTheMessage) {
  const std::pair<Status, StatusCode> cases[] = {
      {InvalidArgument("m"), StatusCode::kInvalidArgument},
      {NotFound("m"), StatusCode::kNotFound},
      {Corruption("m"), StatusCode::kCorruption},
      {Unsupported("m"), StatusCode::kUnsupported},
      {Exhausted("m"), StatusCode::kExhausted},
      {Unavailable("m"), StatusCode::kUnavailable},
      {Internal("m"), StatusCode::kInternal},
  };
  for (const auto& [status, code] : cases) {
    EXPECT_FALSE(status.ok());
    EXPECT_EQ(status.code(), code);
    EXPECT_EQ(status.message(), "m");
  }
}

TEST(StatusTest, IoErrorTellsAFullDiskFromOtherFailures) {
  EXPECT_EQ(IoError("cannot write", "/data", ENOSPC).code(), StatusCode::kExhausted);
  EXPECT_EQ(IoError("cannot write", "/data", EDQUOT).code(), StatusCode::kExhausted);
  EXPECT_EQ(IoError("cannot write", "/data", EIO).code(), StatusCode::kIo);
}

TEST(StatusTest, IoErrorNamesWhatAndWhereAndWhy) {
  const Status status = IoError("cannot open", "/data/STORE", EACCES);
  EXPECT_EQ(status.code(), StatusCode::kIo);
  EXPECT_EQ(status.message(), "cannot open /data/STORE: Permission denied");
}

TEST(StatusTest, CopyIsIndependentOfItsOrigin) {
  Status original = Corruption("bad");
  Status copy = original;
  original = Status();
  EXPECT_TRUE(original.ok());
  EXPECT_EQ(copy.code(), StatusCode::kCorruption);
  const Status& same = copy;
  copy = same;
  EXPECT_EQ(copy.message(), "bad");
}

TEST(StatusTest, ReturnIfErrorStopsAtTheFirstFailure) {
  int steps = 0;
  EXPECT_TRUE(Both(false, false, &steps).ok());
  EXPECT_EQ(steps, 2);
  steps = 0;
  EXPECT_EQ(Both(false, true, &steps).message(), "profile 7: no such profile");
  EXPECT_EQ(steps, 1);
  steps = 0;
  EXPECT_FALSE(Both(true, false, &steps).ok());
  EXPECT_EQ(steps, 0);
}

TEST(ResultTest, HoldsAValueOrTheReason) {
  Result<int> half = HalfOf(8);
  ASSERT_TRUE(half.ok());
  EXPECT_EQ(half.value(), 4);
  EXPECT_TRUE(half.status().ok());
  *half = 5;
  EXPECT_EQ(half.value(), 5);
  const Result<int> none = HalfOf(7);
  EXPECT_FALSE(none.ok());
  EXPECT_EQ(none.status().message(), "number 7: not even");
}

TEST(ResultTest, AssignOrReturnPassesTheInnerFailureOn) {
  EXPECT_EQ(QuarterOf(12).value(), 3);
  EXPECT_EQ(QuarterOf(6).status().message(), "number 3: not even");
  EXPECT_EQ(QuarterOf(5).status().message(), "number 5: not even");
}

TEST(ResultTest, CarriesValuesThatOnlyMove) {
  Result<std::unique_ptr<int>> boxed = Boxed(10);
  ASSERT_TRUE(boxed.ok());
  const std::unique_ptr<int> taken = std::move(*boxed);
  EXPECT_EQ(*taken, 5);
}

#ifndef NDEBUG
TEST(ResultDeathTest, RefusesASuccessWithoutValue) {
  EXPECT_DEATH({ const Result<int> result{Status()}; }, "status_.ok");
  EXPECT_DEATH({ const Status status(StatusCode::kOk, "fine"); }, "kOk");
}
#endif

}  // namespace
}  // namespace hotroute
