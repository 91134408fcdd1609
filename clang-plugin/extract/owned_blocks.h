#pragma once

#include <vector>

#include "clang/AST/ExprCXX.h"
#include "extract/unit_nodes.h"
#include "llvm/ADT/DenseMap.h"

namespace wml::extract {

/// What a std::unique_ptr keeps in the heap. A member of that type keeps one block for each object that it is in, as
/// long as nothing takes it from there.
class OwnedBlocks {
public:
  explicit OwnedBlocks(const UnitNodes& nodes);

  /// The member that keeps what an expression allocates: `member(new T)`, `member = std::make_unique<T>()`,
  /// `member.reset(new T)`. Null where it is not known what keeps it.
  const clang::FieldDecl* field_that_keeps(const clang::Expr& made) const { return fields_.lookup(&made); }

  /// Where a std::unique_ptr hands on what it keeps, by a move or by release().
  struct HandedOn {
    clang::QualType object;
    clang::SourceLocation where;
  };
  const std::vector<HandedOn>& handed_on() const { return handed_on_; }

private:
  void see(const clang::CallExpr& call);
  void see(const clang::CXXConstructorDecl& constructor);
  void see(const clang::CXXConstructExpr& construction);
  void keep(const clang::FieldDecl* field, const clang::Expr* value);
  void hand_on(clang::QualType pointer, clang::SourceLocation where);

  llvm::DenseMap<const clang::Expr*, const clang::FieldDecl*> fields_;
  std::vector<HandedOn> handed_on_;
};

}  // namespace wml::extract
