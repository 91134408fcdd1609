#include "rules/engine/run_rules.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "rules/engine/one_per_place.h"
#include "rules/engine/registry.h"
#include "rules/engine/suppressions.h"

namespace wml {
namespace {

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};

std::vector<Draft> run_rule(const Rule& rule, const ProgramFacts& program, const OptionValues& options) {
  Reporter out;
  std::visit(
      Overloaded{
          [&](void (*check)(const SegmentFact&, const OptionValues&, Reporter&)) {
            for (const SegmentFact& segment : program.module.segments) check(segment, options, out);
          },
          [&](void (*check)(const ProgramFacts&, const OptionValues&, Reporter&)) { check(program, options, out); },
          []<class Fact>(SourceCheck<Fact>) {},
      },
      rule.check);
  return out.take();
}

template <class Fact>
const std::vector<Fact>& facts_of(const SourceFacts& facts) {
  if constexpr (std::is_same_v<Fact, RecordFact>) return facts.records;
  if constexpr (std::is_same_v<Fact, EnumFact>) return facts.enums;
  if constexpr (std::is_same_v<Fact, AllocationFact>) return facts.allocations;
  if constexpr (std::is_same_v<Fact, AppendLoopFact>) return facts.append_loops;
  if constexpr (std::is_same_v<Fact, WholeInputFact>) return facts.whole_inputs;
  if constexpr (std::is_same_v<Fact, CopyFact>) return facts.copies;
}

bool is_suppressed(const Rule& rule, const std::string& path, const RuleSettings& settings) {
  return std::ranges::any_of(settings.suppressions, [&](const Suppression& suppression) {
    return suppression.rule == rule.info.id && (suppression.files.empty() || matches_glob(suppression.files, path));
  });
}

Finding to_finding(const Rule& rule, Severity severity, Draft draft) {
  return Finding{&rule.info,
                 severity,
                 std::move(draft.message),
                 std::move(draft.where),
                 draft.saving,
                 std::move(draft.claims),
                 std::move(draft.help),
                 std::move(draft.details),
                 std::move(draft.notes),
                 std::move(draft.fix)};
}

}  // namespace

RuleResults run_rules(const ProgramFacts& program, const RuleSettings& settings) {
  RuleResults results;
  for (const Rule* rule : all_rules()) {
    const RuleSetting& setting = settings.rules.find(rule->info.id)->second;
    if (setting.severity == Severity::off) continue;
    std::vector<Draft> drafts = run_rule(*rule, program, setting.options);
    if (is_suppressed(*rule, program.module.path, settings)) {
      results.suppressed += drafts.size();
      continue;
    }
    for (Draft& draft : drafts) results.findings.push_back(to_finding(*rule, setting.severity, std::move(draft)));
  }
  std::ranges::stable_sort(results.findings, std::ranges::greater{}, &Finding::severity);
  return results;
}

bool reads_sources(const Rule& rule) {
  return std::visit(Overloaded{
                        [](void (*)(const SegmentFact&, const OptionValues&, Reporter&)) { return false; },
                        [](void (*)(const ProgramFacts&, const OptionValues&, Reporter&)) { return false; },
                        []<class Fact>(SourceCheck<Fact>) { return true; },
                    },
                    rule.check);
}

std::vector<Draft> run_source_rule(const Rule& rule, const SourceFacts& facts, const OptionValues& options) {
  Reporter out;
  const SourceContext context{facts.profile, facts.spare_stack_bytes, facts.records};
  std::visit(Overloaded{
                 [](void (*)(const SegmentFact&, const OptionValues&, Reporter&)) {},
                 [](void (*)(const ProgramFacts&, const OptionValues&, Reporter&)) {},
                 [&]<class Fact>(SourceCheck<Fact> check) {
                   for (const Fact& fact : facts_of<Fact>(facts)) check(fact, context, options, out);
                 },
             },
             rule.check);
  return out.take();
}

RuleResults run_source_rules(const SourceFacts& facts, const RuleSettings& settings) {
  RuleResults results;
  for (const Rule* rule : all_rules()) {
    const RuleSetting& setting = settings.rules.find(rule->info.id)->second;
    if (setting.severity == Severity::off || !reads_sources(*rule)) continue;
    for (Draft& draft : run_source_rule(*rule, facts, setting.options)) {
      const SuppressionFact* comment = suppression_for(facts, rule->info.id, *draft.where.source);
      if (is_suppressed(*rule, draft.where.source->file, settings) || (comment != nullptr && counts(*comment))) {
        ++results.suppressed;
      } else {
        if (comment != nullptr) {
          draft.notes.push_back(why_it_does_not_count(*comment));
        } else if (const std::optional<Note> unknown = unknown_rule_allowed(facts, *draft.where.source)) {
          draft.notes.push_back(*unknown);
        }
        results.findings.push_back(to_finding(*rule, setting.severity, std::move(draft)));
      }
    }
  }
  std::ranges::stable_sort(results.findings, {}, [](const Finding& finding) {
    return std::tuple(finding.where.source->file, finding.where.source->offset);
  });
  results.findings = one_per_place(std::move(results.findings));
  return results;
}

}  // namespace wml
