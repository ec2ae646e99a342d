#include "store/record_reader.h"

#include <utility>

#include "hotroute/v1/records.pb.h"
#include "proto/layout.h"

namespace hotroute::store {
namespace {

Writer WriterFromName(std::string_view path, FileKind kind) {
  const size_t slash = path.rfind('/');
  if (slash != std::string_view::npos) path.remove_prefix(slash + 1);
  const auto suffix = kind == FileKind::kSegment ? kSegmentSuffix : kMetricsSuffix;
  Writer writer;
  if (const auto name = ParseWriterFileName(path, suffix)) {
    writer.writer_id = name->writer_id;
    writer.host = name->host;
    writer.pid = name->pid;
  }
  return writer;
}

}  // namespace

RecordReader::RecordReader(const FileReader& file, FileKind kind, std::string path,
                           WriterTable* writers)
    : writers_(writers), dictionary_(file.size()) {
  writer_ = writers_->Intern(WriterFromName(path, kind));
  summary_.path = std::move(path);
  summary_.kind = kind;
  summary_.bytes = file.size();
  summary_.sealed = file.sealed();
}

bool RecordReader::Add(int field, std::string_view record) {
  switch (field) {
    case v1::Payload::kProcessesFieldNumber:
      return AddProcess(record);
    case v1::Payload::kLossesFieldNumber:
      return AddLosses(record);
    default:
      return dictionary_.Add(field, record);
  }
}

bool RecordReader::AddProcess(std::string_view record) {
  v1::ProcessInfo process;
  if (!process.ParseFromArray(record.data(), static_cast<int>(record.size()))) return false;
  Writer writer;
  writer.writer_id = process.writer_id();
  writer.host = process.host();
  writer.pid = process.pid();
  writer.service = process.service();
  writer.build = process.build();
  writer.version = process.writer_version();
  writer.engine = process.engine();
  writer.unwinder = process.unwinder();
  writer.start_us = process.start_us();
  writer_ = writers_->Intern(writer);
  return true;
}

bool RecordReader::AddLosses(std::string_view record) {
  v1::LossCounts losses;
  if (!losses.ParseFromArray(record.data(), static_cast<int>(record.size())) ||
      losses.name_size() != losses.count_size()) {
    return false;
  }
  // They count from the file's begin, so the last ones replace those before.
  summary_.losses.clear();
  for (int i = 0; i < losses.name_size(); ++i) {
    if (losses.count(i) > 0) summary_.losses[losses.name(i)] += losses.count(i);
  }
  return true;
}

FileRead RecordReader::Finish(FileScan scan) {
  summary_.damaged = scan.damaged();
  summary_.writer = *writer_;
  datasets_.Finish(&summary_);
  return {std::move(summary_), std::move(scan), 0};
}

}  // namespace hotroute::store
