#include "analyzer/source/prove_fixes.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include <fmt/format.h>

#include "analyzer/source/merge_units.h"

namespace wml {
namespace {

namespace fs = std::filesystem;

/// Files with the changed texts, in a folder that is removed again.
class OverlayFolder {
public:
  OverlayFolder() {
    std::string pattern = (fs::temp_directory_path() / "wasm-memlint-XXXXXX").string();
    if (mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~OverlayFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  OverlayFolder(const OverlayFolder&) = delete;
  OverlayFolder& operator=(const OverlayFolder&) = delete;

  /// The overlay for the extractors; empty when nothing can be written.
  std::vector<std::pair<std::string, std::string>> fill(const FileTexts& texts) const {
    std::vector<std::pair<std::string, std::string>> overlay;
    for (const auto& [file, text] : texts) {
      const std::string contents = (fs::path(path_) / std::to_string(overlay.size())).string();
      std::ofstream out(contents, std::ios::binary);
      out << text;
      out.close();
      if (!out) return {};
      overlay.emplace_back(file, contents);
    }
    return overlay;
  }

private:
  std::string path_;
};

using RecordKey = std::pair<std::string, std::string>;  // usr and file

std::map<RecordKey, const RecordFact*> records_by_key(const SourceFacts& facts) {
  std::map<RecordKey, const RecordFact*> records;
  for (const RecordFact& record : facts.records) records[{record.usr, record.where.file}] = &record;
  return records;
}

/// Whether the fields lie in the promised order.
bool in_promised_order(const Promise& promise, const RecordFact& record) {
  std::map<std::string, std::uint64_t> promised(promise.offset_bits.begin(), promise.offset_bits.end());
  std::vector<const FieldFact*> fields;
  fields.reserve(record.fields.size());
  for (const FieldFact& field : record.fields) fields.push_back(&field);
  std::ranges::stable_sort(fields, {}, &FieldFact::offset_bits);
  return std::ranges::is_sorted(fields, {}, [&](const FieldFact* field) { return promised[field->name]; });
}

/// What a promise is broken by; empty when it is kept. Where the records inside of it get smaller too, it is better
/// than what was promised, with its fields in the promised order.
std::string broken_promise(const Promise& promise, const SourceFacts& now, bool is_alone) {
  const auto record = std::ranges::find(now.records, promise.usr, &RecordFact::usr);
  if (record == now.records.end()) return "the record is no longer found";
  if (record->bytes > promise.bytes || (is_alone && record->bytes < promise.bytes))
    return fmt::format("'{}' would take {} bytes, not {}", record->name, record->bytes, promise.bytes);
  if (!is_alone && record->bytes < promise.bytes)
    return in_promised_order(promise, *record) ? std::string()
                                               : fmt::format("'{}' would have another order", record->name);
  for (const auto& [name, offset_bits] : promise.offset_bits) {
    const bool kept = std::ranges::any_of(record->fields, [&, &name = name, &bits = offset_bits](const FieldFact& f) {
      return f.name == name && f.offset_bits == bits;
    });
    if (!kept && (is_alone || !in_promised_order(promise, *record)))
      return fmt::format("'{}' of '{}' would not be where it was promised", name, record->name);
  }
  return {};
}

class Prover {
public:
  Prover(const ExtractRequest& request, const std::vector<SourceFacts>& units, const SourceFacts& facts)
      : request_(request), units_(units), before_(records_by_key(facts)) {}

  using Fixes = std::vector<FixOutcome*>;

  /// The part of `fixes` that holds together; the others are told why.
  Fixes prove(const Fixes& fixes) {
    const std::string problem = fixes.empty() ? std::string() : problem_with(fixes);
    if (problem.empty()) return fixes;
    if (fixes.size() == 1) {
      reject(fixes, problem);
      return {};
    }
    const auto middle = fixes.begin() + static_cast<std::ptrdiff_t>(fixes.size() / 2);
    Fixes first = prove(Fixes(fixes.begin(), middle));
    const Fixes second = prove(Fixes(middle, fixes.end()));
    Fixes both = first;
    both.insert(both.end(), second.begin(), second.end());
    if (second.empty()) return first;
    const std::string together = problem_with(both);
    if (together.empty()) return both;
    reject(second, "together with others: " + together);
    return first;
  }

  static std::vector<Edit> edits_of(const Fixes& fixes) {
    std::vector<Edit> edits;
    for (const FixOutcome* fix : fixes)
      edits.insert(edits.end(), fix->finding->fix->edits.begin(), fix->finding->fix->edits.end());
    return edits;
  }

private:
  static void reject(const Fixes& fixes, const std::string& why) {
    for (FixOutcome* fix : fixes) {
      fix->state = FixState::rejected;
      fix->why = why;
    }
  }

  std::string problem_with(const Fixes& fixes) const {
    const auto texts = apply_edits(edits_of(fixes));
    if (!texts.ok()) return texts.error().message;
    const std::vector<const SourceFacts*> affected = units_with(texts.value());
    std::vector<std::string> names;
    names.reserve(affected.size());
    for (const SourceFacts* unit : affected) names.push_back(unit->unit);
    const OverlayFolder folder;
    ExtractRequest request = request_;
    request.overlay = folder.fill(texts.value());
    if (request.overlay.empty()) return "the changed files cannot be written to a temporary folder";
    auto extracted = extract_units(request, names);
    if (!extracted.ok()) return extracted.error().message;
    std::vector<SourceFacts>& after = extracted.value();
    for (std::size_t i = 0; i < after.size(); ++i) {
      if (after[i].errors.size() <= affected[i]->errors.size()) continue;
      const SourceError& error = after[i].errors[affected[i]->errors.size()];
      return fmt::format("{} no longer compiles: {}:{}: {}", after[i].unit, error.where.file, error.where.line,
                         error.message);
    }
    return problem_after(fixes, merge_units(after, Coverage::some_units));
  }

  std::vector<const SourceFacts*> units_with(const FileTexts& texts) const {
    std::vector<const SourceFacts*> affected;
    for (const SourceFacts& unit : units_) {
      if (std::ranges::any_of(unit.files, [&](const std::string& file) { return texts.contains(file); }))
        affected.push_back(&unit);
    }
    return affected;
  }

  std::string problem_after(const Fixes& fixes, const SourceFacts& now) const {
    for (const FixOutcome* fix : fixes) {
      for (const Promise& promise : fix->finding->fix->promises) {
        const std::string broken = broken_promise(promise, now, fixes.size() == 1);
        if (!broken.empty()) return broken;
      }
    }
    for (const RecordFact& record : now.records) {
      const auto old = before_.find({record.usr, record.where.file});
      if (old != before_.end() && record.bytes > old->second->bytes)
        return fmt::format("'{}' would grow from {} to {} bytes", record.name, old->second->bytes, record.bytes);
    }
    return {};
  }

  const ExtractRequest& request_;
  const std::vector<SourceFacts>& units_;
  std::map<RecordKey, const RecordFact*> before_;
};

/// Leaves fixes out that are in the way of one before them.
Prover::Fixes without_overlaps(std::vector<FixOutcome>& outcomes) {
  Prover::Fixes kept;
  std::vector<const Edit*> taken;
  for (FixOutcome& outcome : outcomes) {
    const std::vector<Edit>& edits = outcome.finding->fix->edits;
    const bool free = std::ranges::none_of(edits, [&](const Edit& edit) {
      return std::ranges::any_of(taken, [&](const Edit* other) { return overlap(edit, *other); });
    });
    if (!free) {
      outcome.state = FixState::overlaps;
      outcome.why = "another fix changes the same text; run again";
      continue;
    }
    kept.push_back(&outcome);
    for (const Edit& edit : edits) taken.push_back(&edit);
  }
  return kept;
}

}  // namespace

Result<ProvenFixes> prove_fixes(const ExtractRequest& request, const std::vector<SourceFacts>& units,
                                const SourceFacts& facts, const std::vector<Finding>& findings) {
  ProvenFixes proven;
  for (const Finding& finding : findings) {
    if (finding.fix) proven.outcomes.push_back({&finding, FixState::proven, {}});
  }
  Prover prover(request, units, facts);
  const Prover::Fixes kept = prover.prove(without_overlaps(proven.outcomes));
  WML_TRY(proven.after, apply_edits(Prover::edits_of(kept)));
  for (const auto& [path, text] : proven.after) {
    WML_TRY(proven.before[path], read_text(path));
  }
  return proven;
}

}  // namespace wml
