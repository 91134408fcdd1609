#pragma once

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/Expr.h"
#include "rules/model/source_facts.h"

namespace wml::extract {

/// What the initialisation of each field by a constructor depends on and changes. A field that a constant initialises
/// is left out. Empty without a body in the unit.
std::vector<FieldEvaluation> evaluations_of(const clang::CXXConstructorDecl& constructor,
                                            const clang::ASTContext& context);

/// The same for the elements of a list in its semantic form, in which there is one for each field.
std::vector<FieldEvaluation> evaluations_of(const clang::RecordDecl& record,
                                            llvm::ArrayRef<const clang::Expr*> elements,
                                            const clang::ASTContext& context);

/// The field of its class that an initialiser of a constructor is for, that of the anonymous union or struct where it
/// names a member of one; null where it is for a base or delegates.
const clang::FieldDecl* initialised_field(const clang::CXXCtorInitializer& initialiser);

/// Whether an initialiser may depend on what was initialised before it: it uses `this`.
bool uses_this(const clang::Expr* initialiser);

}  // namespace wml::extract
