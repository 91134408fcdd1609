#include "analyzer/source/source_report.h"

#include <set>
#include <tuple>

namespace wml {
namespace {

/// What the stack has left when its deepest call is reached; nothing where that is not proven.
std::optional<std::uint64_t> spare_stack(const ModuleFacts& module) {
  if (!module.stack || !module.stack->reserved_bytes || !module.stack->bound_bytes()) return std::nullopt;
  const std::uint64_t reserved = module.stack->reserved_bytes->low, bound = *module.stack->bound_bytes();
  return reserved > bound ? reserved - bound : 0;
}

}  // namespace

SourceReport report_on_sources(const std::vector<SourceFacts>& units, SourceFacts facts, const RuleSettings& settings,
                               const ModuleReport* module) {
  if (module != nullptr) facts.spare_stack_bytes = spare_stack(module->module);
  SourceReport report{facts.profile, facts.compiler, {}, {}, 0, run_source_rules(facts, settings), {}};
  report.prediction = predict_sources(report.rules.findings, module == nullptr ? nullptr : &module->module,
                                      module == nullptr ? nullptr : &module->estimate);
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
