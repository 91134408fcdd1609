#include "extract/known_layouts.h"

#include "llvm/ADT/SmallPtrSet.h"

namespace wml::extract {

const clang::RecordDecl* record_in(clang::QualType type) {
  if (type.isNull() || type->isDependentType()) return nullptr;
  const clang::Type* element = type->getBaseElementTypeUnsafe();
  if (const auto* atomic = element->getAs<clang::AtomicType>()) element = atomic->getValueType().getTypePtr();
  const clang::RecordDecl* record = element->getAsRecordDecl();
  const clang::RecordDecl* definition = record == nullptr ? nullptr : record->getDefinition();
  return definition == nullptr ? record : definition;
}

clang::QualType pointee_of(clang::QualType type) {
  if (type.isNull() || type->isDependentType()) return {};
  if (const clang::ArrayType* array = type->getAsArrayTypeUnsafe()) return array->getElementType();
  return type->isPointerType() ? type->getPointeeType() : clang::QualType();
}

bool KnownLayouts::any_in(clang::QualType type) const {
  const Held* held = held_in(type);
  return held != nullptr && (!held->records.empty() || !held->enums.empty());
}

void KnownLayouts::add_hazard(clang::QualType type, HazardKind kind, clang::SourceLocation where,
                              const std::string& what) const {
  const Held* held = held_in(type);
  if (held == nullptr) return;
  for (RecordFact* fact : held->records) records_.add_hazard(fact, kind, where, what);
  for (EnumFact* fact : held->enums) enums_.add_hazard(fact, kind, where, what);
}

const KnownLayouts::Held* KnownLayouts::held_in(clang::QualType type) const {
  const clang::RecordDecl* record = record_in(type);
  if (record == nullptr || record->getDefinition() == nullptr) return nullptr;
  const auto found = held_.find(record);
  return found != held_.end() ? &found->second : &held_.emplace(record, collect(*record)).first->second;
}

KnownLayouts::Held KnownLayouts::collect(const clang::RecordDecl& outermost) const {
  Held held;
  llvm::SmallPtrSet<const clang::Type*, 16> seen;
  llvm::SmallVector<clang::QualType, 16> open = {outermost.getASTContext().getCanonicalTagType(&outermost)};
  while (!open.empty()) {
    const clang::QualType type = open.pop_back_val();
    const clang::Type* element = type->getBaseElementTypeUnsafe()->getCanonicalTypeUnqualified().getTypePtr();
    if (!seen.insert(element).second) continue;
    if (EnumFact* fact = enums_.of(clang::QualType(element, 0)); fact != nullptr) held.enums.push_back(fact);
    const clang::RecordDecl* record = record_in(type);
    if (record == nullptr || !record->isCompleteDefinition()) continue;
    if (RecordFact* fact = records_.of(record); fact != nullptr) held.records.push_back(fact);
    for (const clang::FieldDecl* field : record->fields()) open.push_back(field->getType());
    const auto* cxx = llvm::dyn_cast<clang::CXXRecordDecl>(record);
    if (cxx == nullptr) continue;
    for (const clang::CXXBaseSpecifier& base : cxx->bases()) open.push_back(base.getType());
  }
  return held;
}

}  // namespace wml::extract
