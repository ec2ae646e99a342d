// A question on the command line: arguments turned into an opened data directory and a Query on it.
//
// In: parsed arguments. Out: the query, the symbols of its stacks, and, where nothing matches, the
// reason in one line.
#pragma once

#include <memory>
#include <string>

#include "base/status.h"
#include "viewer/aggregate/query.h"
#include "viewer/aggregate/symbolizer.h"
#include "viewer/cli/arguments.h"
#include "viewer/cli/command.h"

namespace hotroute::viewer {

// --data-dir, else the environment's; kInvalidArgument that says so when neither is given.
Result<std::string> DataDirectory(const Arguments& arguments, const Environment& environment);

// Thread-compatible.
class Question {
 public:
  // Parses the conditions; `url` names the population where it is not empty.
  static Result<Question> Open(const Arguments& arguments, const Environment& environment,
                               const std::string& url);

  Query& query() { return *query_; }
  Symbolizer& symbolizer() { return *symbolizer_; }

  // Reads as Query::ReadProfiles does, then the counters where they apply.
  Status Read(bool samples, const Query::Visitor& visit);
  // The same, and fails with the reason when no profile in the population
  // carries weight.
  Status ReadWeighted(bool samples, const Query::Visitor& visit);
  // Adds to the losses what the symbol files lack: call it once the stacks have their names.
  void NoteSymbolDamage() { query_->AddDamage(data_.symbol_damage()); }
  // CostEstimate::cpu_scale of what was read.
  double cpu_scale() const;
  // Why no profile matched, and what to do: the nearest name, the range that has data, the
  // conditions in the way.
  Status ExplainNothing();

 private:
  Question(std::string data_dir, OpenedData data, Population population);
  Status ExplainName(const std::vector<NameRange>& names, const std::string& name);
  Status ExplainConditions(const NameRange& range) const;

  std::string data_dir_;
  OpenedData data_;
  std::unique_ptr<Query> query_;
  std::unique_ptr<Symbolizer> symbolizer_;
};

}  // namespace hotroute::viewer
