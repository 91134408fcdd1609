#include "extract/known_records.h"

namespace wml::extract {
namespace {

/// More hazards of one kind than this add nothing.
constexpr std::ptrdiff_t kMostOfOneKind = 16;

}  // namespace

RecordFact* KnownRecords::of(clang::QualType type) const {
  if (type.isNull() || type->isDependentType()) return nullptr;
  return of(type->getBaseElementTypeUnsafe()->getAsRecordDecl());
}

RecordFact* KnownRecords::of(const clang::RecordDecl* record) const {
  if (record == nullptr) return nullptr;
  const auto found = index_.find(record->getDefinition());
  return found == index_.end() ? nullptr : &facts_[found->second];
}

RecordFact* KnownRecords::behind(clang::QualType pointer) const {
  if (pointer.isNull() || pointer->isDependentType()) return nullptr;
  if (pointer->isArrayType()) return of(pointer);
  return pointer->isPointerType() ? of(pointer->getPointeeType()) : nullptr;
}

void KnownRecords::add_to_all(HazardKind kind) const {
  for (RecordFact& fact : facts_) {
    if (std::any_of(fact.fields.begin(), fact.fields.end(), [](const FieldFact& field) { return field.is_bool; }))
      fact.hazards.push_back({kind, fact.where, ""});
  }
}

void KnownRecords::add_hazard(RecordFact* fact, HazardKind kind, clang::SourceLocation where,
                              const std::string& what) const {
  if (fact == nullptr) return;
  const auto same = [&](const Hazard& hazard) { return hazard.kind == kind && hazard.what == what; };
  if (std::count_if(fact->hazards.begin(), fact->hazards.end(), same) >= kMostOfOneKind) return;
  fact->hazards.push_back({kind, places_.of(where), what});
}

}  // namespace wml::extract
