// pprof: google/pprof's profile.proto, as `go tool pprof`, Pyroscope, Parca and speedscope read it.
//
// Sample types: samples/count (unweighted, as taken) and cpu/nanoseconds (weighted, the default).
// One location per frame, leaf first; one mapping per module and build-id. Addresses are the
// mapping's start plus the offset in the module's file; the starts are made up so that modules do
// not overlap. Stacks without frames become the location "[no stack]". `line` is that of the
// function's begin. Field numbers:
// https://github.com/google/pprof/blob/main/proto/profile.proto
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
#include "viewer/formats/stack_profile.h"

namespace hotroute::viewer {

// The message's bytes. Thread-safe.
std::string EncodePprofProto(const StackProfile& profile);

// The bytes of the file `hotroute export URL --to pprof -o PATH` writes: profile.proto when PATH
// ends in .pb, the same gzipped when it ends in .gz (.pb.gz), and otherwise what google-pprof reads
// (gperftools.h), which cannot read profile.proto. Thread-safe.
Result<std::string> EncodePprofFor(std::string_view path, const StackProfile& profile);

}  // namespace hotroute::viewer
