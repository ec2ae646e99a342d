#include "store/verify.h"

#include <sys/stat.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "base/file.h"
#include "store/metrics_reader.h"
#include "store/segment_reader.h"
#include "store/store.h"
#include "store/symbols.h"

namespace hotroute::store {
namespace {

std::string_view SuffixOf(FileKind kind) {
  switch (kind) {
    case FileKind::kSegment:
      return kSegmentSuffix;
    case FileKind::kMetrics:
      return kMetricsSuffix;
    case FileKind::kSymbols:
      return kSymbolsSuffix;
  }
  return {};
}

// Decodes every record as a query would, so that `verify` finds whatever a query would complain
// about.
FileScan Scan(const FileReader& file, FileKind kind, VerifyResult* result) {
  if (kind == FileKind::kSymbols) {
    FileScan scan;
    SymbolTable::Read(file, &scan);
    return scan;
  }
  WriterTable writers;
  StackTable stacks;
  ProfileSet seen;
  const ReadFilter filter = MatchNothing();
  FileRead read =
      kind == FileKind::kSegment
          ? ReadSegment(file, file.path(), filter, {&writers, &stacks, &seen}, [](const auto&) {})
          : ReadMetrics(file, file.path(), filter, &writers, [](const auto&) {});
  result->profiles += read.summary.profiles;
  return std::move(read.scan);
}

void AddScan(FileScan scan, VerifyResult* result) {
  result->frames += scan.frames;
  std::move(scan.findings.begin(), scan.findings.end(), std::back_inserter(result->findings));
}

void VerifyFile(const std::string& path, FileKind kind, VerifyResult* result) {
  const Result<FileReader> file = FileReader::Open(path, kind);
  if (!file.ok()) {
    // Retention may have removed it since it was listed.
    if (file.status().code() == StatusCode::kNotFound) return;
    result->findings.push_back({path, 0, 0, file.status().message(), false});
    return;
  }
  ++result->files;
  result->bytes += file->size();
  AddScan(Scan(*file, kind, result), result);
}

// All files of `kind` in `folder`, and in the folders of hours for segments.
void VerifyFolder(const std::string& folder, FileKind kind, VerifyResult* result) {
  const Result<std::vector<std::string>> names = ListDirectory(folder);
  if (!names.ok()) {
    if (names.status().code() != StatusCode::kNotFound) {
      result->findings.push_back({folder, 0, 0, names.status().message(), false});
    }
    return;
  }
  for (const std::string& name : *names) {
    const std::string path = folder + "/" + name;
    struct stat info;
    if (stat(path.c_str(), &info) != 0) continue;
    if (S_ISDIR(info.st_mode) && kind == FileKind::kSegment) VerifyFolder(path, kind, result);
    if (S_ISREG(info.st_mode) && path.ends_with(SuffixOf(kind))) VerifyFile(path, kind, result);
  }
}

// Fails when the directory is no store that this program reads.
Status VerifyStoreFile(const std::string& data_dir, VerifyResult* result) {
  const Layout layout(data_dir);
  const Result<std::string> text = ReadFile(layout.StoreFile());
  if (!text.ok()) return Store::Open(data_dir).status();
  ++result->files;
  result->bytes += text->size();
  const Status status = ParseStoreFile(*text, layout.StoreFile()).status();
  if (status.code() != StatusCode::kCorruption) return status;
  // The message begins with the path, which a finding states by itself.
  const std::string what = status.message().substr(layout.StoreFile().size() + 2);
  result->findings.push_back({layout.StoreFile(), 0, text->size(), what, false});
  return {};
}

}  // namespace

bool VerifyResult::sound() const {
  return std::all_of(findings.begin(), findings.end(),
                     [](const Finding& finding) { return finding.incomplete; });
}

Result<VerifyResult> Verify(const std::string& data_dir) {
  VerifyResult result;
  HOTROUTE_RETURN_IF_ERROR(VerifyStoreFile(data_dir, &result));
  const Layout layout(data_dir);
  VerifyFolder(layout.MetricsDirectory(), FileKind::kMetrics, &result);
  VerifyFolder(layout.SegmentsDirectory(), FileKind::kSegment, &result);
  VerifyFolder(layout.SymbolsDirectory(), FileKind::kSymbols, &result);
  return result;
}

}  // namespace hotroute::store
