// Reads one metrics file: the exact counters of all requests, kept or not.
//
// In: a .met file and a filter. Out: every matching cell as it was written (cells of one key add
// up), and the summary of the whole file for the index.
#pragma once

#include <functional>
#include <string>

#include "store/file_reader.h"
#include "store/profile_source.h"
#include "store/read_context.h"
#include "store/record_reader.h"

namespace hotroute::store {

using ExposureVisitor = std::function<void(const ExposureRecord&)>;

// `path` is the file's name below the data directory.
FileRead ReadMetrics(const FileReader& file, const std::string& path, const ReadFilter& filter,
                     WriterTable* writers, const ExposureVisitor& visit);

}  // namespace hotroute::store
