#include "viewer/cli/request_text.h"

#include <cmath>

#include "proto/layout.h"
#include "viewer/aggregate/population_parser.h"
#include "viewer/aggregate/time_text.h"
#include "viewer/render/text.h"

namespace hotroute::viewer {

std::string IdText(const RequestRow& row) { return ProfileIdText(row.id.writer_id, row.id.number); }

std::string StartText(const RequestRow& row) {
  constexpr size_t kMillisLength = 4;  // ".042"
  const std::string precise = Rfc3339(row.start_us);
  return TimeText(row.start_us) + precise.substr(precise.find('.'), kMillisLength);
}

std::string StatusText(const RequestRow& row) { return StatusText(row.kind, row.status); }

std::string KeptText(const RequestRow& row) { return std::string(StratumText(row.stratum)); }

std::string LabelsText(const RequestRow& row) {
  std::string text;
  for (const auto& [key, value] : row.labels) {
    text += (text.empty() ? "" : " ") + key + "=" + value;
  }
  return text;
}

std::string WeightText(const RequestRow& row) {
  const double whole = std::round(row.weight);
  const bool is_whole = std::abs(row.weight - whole) < 1e-9 * whole;
  return is_whole ? CountText(static_cast<uint64_t>(whole)) : NumberText(row.weight);
}

Json RequestJson(const RequestRow& row) {
  Json labels = Json::object();
  for (const auto& [key, value] : row.labels) labels[key] = value;
  return {{"id", IdText(row)},
          {"url_name", row.name},
          {"kind", KindText(row.kind)},
          {"method", row.method.empty() ? Json(nullptr) : Json(row.method)},
          {"status", row.status == 0 ? Json(nullptr) : Json(StatusText(row))},
          {"start", Rfc3339(row.start_us)},
          {"wall_ms", row.wall_ms},
          {"cpu_ms", row.cpu_ms},
          {"offcpu_ms", row.offcpu_ms},
          {"stratum", KeptText(row)},
          {"weight", row.weight},
          {"labels", std::move(labels)},
          {"trace_id", row.trace_id.empty() ? Json(nullptr) : Json(ToHex(row.trace_id))},
          {"host", row.host},
          {"build", row.build}};
}

}  // namespace hotroute::viewer
