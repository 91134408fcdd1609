#pragma once

#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"
#include "extract/places.h"
#include "llvm/ADT/DenseMap.h"
#include "rules/model/source_facts.h"

namespace wml::extract {

/// Whether it is an enumeration with values that the user's files define and that might be narrower: in C++ none that
/// is made from a template.
bool is_users_enum(const clang::EnumDecl& definition, const Places& places);

/// EnumFact::id of what a type is, or is an array of; empty for any other type.
std::string enum_id_of(clang::QualType type, const clang::ASTContext& context, const Places& places);

/// Its declaration: size, values and hazards that need no use.
EnumFact read_enum(const clang::EnumDecl& definition, const clang::ASTContext& context, const Places& places);

/// The enumerations of a unit whose uses are of interest, by their definition.
class KnownEnums {
public:
  KnownEnums(std::vector<EnumFact>& facts, const Places& places) : facts_(facts), places_(places) {}

  void add(const clang::EnumDecl* definition, std::size_t fact) { index_[definition] = fact; }
  bool empty() const { return index_.empty(); }

  /// The fact of exactly this type; null for any other type.
  EnumFact* of(clang::QualType type) const;
  void add_hazard(EnumFact* fact, HazardKind kind, clang::SourceLocation where, const std::string& what = {}) const;

private:
  std::vector<EnumFact>& facts_;
  const Places& places_;
  llvm::DenseMap<const clang::EnumDecl*, std::size_t> index_;
};

}  // namespace wml::extract
