// Reads one segment: its profiles, with their stacks in the query's StackTable.
//
// In: a .seg file and a filter. Out: every matching profile, once, and the summary of the whole
// file for the index.
#pragma once

#include <functional>
#include <string>

#include "store/file_reader.h"
#include "store/profile_source.h"
#include "store/read_context.h"
#include "store/record_reader.h"

namespace hotroute::store {

using ProfileVisitor = std::function<void(const ProfileRecord&)>;

// Profiles that `context.seen` has are not shown again. `path` is the file's name below the data
// directory.
FileRead ReadSegment(const FileReader& file, const std::string& path, const ReadFilter& filter,
                     const ReadContext& context, const ProfileVisitor& visit);

}  // namespace hotroute::store
