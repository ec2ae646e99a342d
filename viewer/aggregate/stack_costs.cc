#include "viewer/aggregate/stack_costs.h"

namespace hotroute::viewer {

void StackCosts::Add(const store::ProfileRecord& record, double weight) {
  if (weight <= 0) return;
  requests_ += weight;
  for (const store::SampleRun& run : record.runs) {
    if (run.node.value() >= self_ns_.size()) {
      self_ns_.resize(run.node.value() + 1);
      samples_.resize(run.node.value() + 1);
    }
    const double nanos = static_cast<double>(run.count) * static_cast<double>(record.period_ns);
    self_ns_[run.node.value()] += weight * nanos;
    samples_[run.node.value()] += run.count;
  }
}

void StackCosts::Scale(double factor) {
  for (double& nanos : self_ns_) nanos *= factor;
}

}  // namespace hotroute::viewer
