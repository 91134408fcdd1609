#include "analyzer/source/source_report.h"

#include <set>
#include <tuple>

namespace wml {

SourceReport report_on_sources(const std::vector<SourceFacts>& units, const SourceFacts& facts,
                               const RuleSettings& settings) {
  SourceReport report{facts.profile, facts.compiler, {}, {}, 0, run_source_rules(facts, settings)};
  std::set<std::tuple<std::string, std::uint64_t, std::string>> known;
  for (const SourceFacts& unit : units) {
    report.units.push_back(unit.unit);
    report.failed_units += unit.errors.empty() ? 0 : 1;
    for (SourceError error : unit.errors) {
      if (error.where.file.empty()) error.where.file = unit.unit;
      if (known.insert({error.where.file, error.where.offset, error.message}).second) report.errors.push_back(error);
    }
  }
  return report;
}

}  // namespace wml
