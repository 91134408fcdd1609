#pragma once

#include <unordered_map>

#include "extract/enums.h"
#include "extract/known_records.h"

namespace wml::extract {

/// What a use of the bytes of an object touches: the layouts of all records and enumerations that it holds by value,
/// through fields, bases and arrays, of std's records as well.
class KnownLayouts {
public:
  KnownLayouts(const KnownRecords& records, const KnownEnums& enums) : records_(records), enums_(enums) {}

  /// Whether objects of the type, or of the elements of an array of it, hold anything of interest.
  bool any_in(clang::QualType type) const;
  /// To a record and all that it holds; to an enumeration itself only where a record holds it.
  void add_hazard(clang::QualType type, HazardKind kind, clang::SourceLocation where,
                  const std::string& what = {}) const;

  const KnownRecords& records() const { return records_; }
  const KnownEnums& enums() const { return enums_; }

private:
  struct Held {
    llvm::SmallVector<RecordFact*, 4> records;
    llvm::SmallVector<EnumFact*, 4> enums;
  };
  const Held* held_in(clang::QualType type) const;
  Held collect(const clang::RecordDecl& outermost) const;

  const KnownRecords& records_;
  const KnownEnums& enums_;
  mutable std::unordered_map<const clang::RecordDecl*, Held> held_;
};

/// The record that a type is, or is an array of; null for others.
const clang::RecordDecl* record_in(clang::QualType type);

/// What a pointer or an array's first element refers to; null for others.
clang::QualType pointee_of(clang::QualType type);

}  // namespace wml::extract
