// What segment and metrics files have in common: who wrote them, their definitions, their losses
// and their names.
//
// In: the records of one file, in order. Out: the file's summary, and texts and stacks for whoever
// decodes the rest.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "store/dictionary.h"
#include "store/file_reader.h"
#include "store/file_summary.h"
#include "store/read_context.h"

namespace hotroute::store {

// What one pass over a file found out, beside the records it showed.
struct FileRead {
  FileSummary summary;
  FileScan scan;
  uint64_t stacks_lost = 0;  // samples shown whose stack was defined in a damaged frame
};

// Thread-compatible.
class RecordReader {
 public:
  // `path`, below the data directory, also names the writer until its own record is met.
  RecordReader(const FileReader& file, FileKind kind, std::string path, WriterTable* writers);

  // Takes process, definition and loss records, and passes over what it does not know. False when
  // one makes no sense.
  bool Add(int field, std::string_view record);

  const Writer* writer() const { return writer_; }
  Dictionary& dictionary() { return dictionary_; }
  DatasetCollector& datasets() { return datasets_; }

  // To be called once, after the scan that brought all records here.
  FileRead Finish(FileScan scan);

 private:
  bool AddProcess(std::string_view record);
  bool AddLosses(std::string_view record);

  WriterTable* const writers_;
  const Writer* writer_ = nullptr;
  Dictionary dictionary_;
  DatasetCollector datasets_;
  FileSummary summary_;
};

}  // namespace hotroute::store
