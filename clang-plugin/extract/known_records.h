#pragma once

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "extract/places.h"
#include "llvm/ADT/DenseMap.h"
#include "rules/model/source_facts.h"

namespace wml::extract {

/// The records of a unit whose uses are of interest, by their definition.
class KnownRecords {
public:
  KnownRecords(std::vector<RecordFact>& facts, const Places& places) : facts_(facts), places_(places) {}

  void add(const clang::RecordDecl* definition, std::size_t fact) { index_[definition] = fact; }
  bool empty() const { return index_.empty(); }

  /// The fact of a record, or of the elements of an array of records; null for any other type.
  RecordFact* of(clang::QualType type) const;
  RecordFact* of(const clang::RecordDecl* record) const;
  /// The same for what a pointer points to.
  RecordFact* behind(clang::QualType pointer) const;

  /// To every record with a field that is a bool.
  void add_to_all(HazardKind kind) const;
  void add_hazard(RecordFact* fact, HazardKind kind, clang::SourceLocation where, const std::string& what = {}) const;

private:
  std::vector<RecordFact>& facts_;
  const Places& places_;
  llvm::DenseMap<const clang::RecordDecl*, std::size_t> index_;
};

}  // namespace wml::extract
