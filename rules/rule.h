#pragma once

/// All that the author of a rule includes. docs/adding-a-rule.md shows one rule from declaration to test.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "rules/model/finding.h"
#include "rules/model/program_facts.h"
#include "rules/model/source_facts.h"

namespace wml {

using OptionValue = std::variant<std::int64_t, bool>;

/// An option of a rule: its key in wasm-memlint.toml, default and help. Keys say their unit.
struct Option {
  std::string_view key;
  OptionValue default_value;
  std::string_view help;
};

/// The values of one rule's options, every one of them set.
class OptionValues {
public:
  explicit OptionValues(std::span<const Option> options);

  void set(std::string_view key, OptionValue value);
  /// The value of an option that the rule declared; anything else is a bug in the rule and asserts.
  std::uint64_t number(std::string_view key) const;
  bool flag(std::string_view key) const;

private:
  const OptionValue& get(std::string_view key) const;

  std::span<const Option> options_;
  std::vector<OptionValue> values_;
};

/// Takes a rule's drafts. Severity, suppression and format are decided elsewhere.
class Reporter {
public:
  void report(Draft draft) { drafts_.push_back(std::move(draft)); }
  std::vector<Draft> take() { return std::move(drafts_); }

private:
  std::vector<Draft> drafts_;
};

/// Whether a rule offers edits.
enum class FixKind { none, sometimes };

struct RuleInfo {
  std::string_view id;       ///< names the waste, in kebab case
  std::string_view summary;  ///< one sentence
  Severity default_severity = Severity::warning;
  std::string_view since;
  std::span<const Option> options = {};
  FixKind fix = FixKind::none;
};

/// What a rule over a single source fact has to know beside it.
struct SourceContext {
  TargetProfile profile = TargetProfile::wasm32;
  std::optional<std::uint64_t> spare_stack_bytes;  ///< of the module that the sources make, where its use is proven
  std::span<const RecordFact> records;             ///< all of the unit, or of the program
};

/// Judges one fact of a unit.
template <class Fact>
using SourceCheck = void (*)(const Fact&, const SourceContext&, const OptionValues&, Reporter&);

/// What a rule reads; the engine dispatches on it. A rule that needs one segment reads one segment.
using Check = std::variant<void (*)(const SegmentFact&, const OptionValues&, Reporter&),
                           void (*)(const ProgramFacts&, const OptionValues&, Reporter&), SourceCheck<RecordFact>,
                           SourceCheck<EnumFact>, SourceCheck<AllocationFact>, SourceCheck<AppendLoopFact>,
                           SourceCheck<WholeInputFact>, SourceCheck<CopyFact>>;

struct Rule {
  RuleInfo info;
  Check check;
};

}  // namespace wml
