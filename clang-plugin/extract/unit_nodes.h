#pragma once

#include <vector>

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/Expr.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/AST/TypeLoc.h"
#include "extract/places.h"
#include "llvm/ADT/DenseSet.h"

namespace wml::extract {

/// A node, and whether it is in a static_assert.
template <class Node>
struct Asserted {
  Node node;
  bool in_assertion = false;
};

/// A node, and whether it is what a template was made into.
template <class Node>
struct Instantiated {
  const Node* node;
  bool in_instance = false;
};

/// A record, and one of its bases.
struct BaseNode {
  const clang::CXXRecordDecl* record;
  const clang::CXXBaseSpecifier* base;
};

/// Lists and what initialises by constructors.
struct InitialiserNodes {
  std::vector<Instantiated<clang::InitListExpr>> lists;  ///< their semantic forms; a list before those that it holds
  std::vector<Instantiated<clang::CXXParenListInitExpr>> paren_lists;
  std::vector<Instantiated<clang::CXXConstructorDecl>> constructors;  ///< implicit ones, too
  std::vector<const clang::VarDecl*> variables;
  /// Lists and constructions that make no object: in a static_assert, and of constants whose values alone are used.
  llvm::DenseSet<const clang::Expr*> for_compiler;
};

/// The nodes of a unit that extractors look at, sorted by their class, each class in the order of one walk over the
/// user's declarations. The walk enters lambdas and instances of templates, of generic lambdas as well. Of an
/// initialiser's list it takes the semantic form, which holds conversions and elements that are not written. Bodies
/// that the compiler makes are left out: they make and copy field by field, whatever the layout is.
struct UnitNodes : InitialiserNodes {
  std::vector<clang::Decl*> declarations;  ///< the user's, outermost

  std::vector<const clang::RecordDecl*> records;  ///< definitions
  std::vector<BaseNode> bases;                    ///< theirs
  std::vector<const clang::EnumDecl*> enums;      ///< definitions
  std::vector<const clang::FunctionDecl*> functions;
  std::vector<const clang::FieldDecl*> fields;

  std::vector<Asserted<const clang::DeclRefExpr*>> names;  ///< of functions only where templates were made into them
  std::vector<const clang::MemberExpr*> members;
  std::vector<const clang::CastExpr*> casts;  ///< without those of functions to pointers
  std::vector<const clang::UnaryOperator*> unary_operators;
  std::vector<const clang::BinaryOperator*> binary_operators;
  std::vector<const clang::ArraySubscriptExpr*> subscripts;
  std::vector<Asserted<const clang::UnaryExprOrTypeTraitExpr*>> sizes;  ///< sizeof, alignof
  std::vector<Asserted<const clang::OffsetOfExpr*>> offsets;
  std::vector<const clang::CallExpr*> calls;
  std::vector<const clang::CXXConstructExpr*> constructions;
  std::vector<const clang::CXXNewExpr*> news;
  std::vector<const clang::CompoundLiteralExpr*> compound_literals;
  std::vector<const clang::VAArgExpr*> variable_arguments;
  std::vector<const clang::ReturnStmt*> returns;
  std::vector<Asserted<clang::TemplateSpecializationTypeLoc>> template_types;
  std::vector<clang::UnaryTransformTypeLoc> transformed_types;
  bool has_atomics = false;  ///< builtin atomic operations
};

UnitNodes collect_nodes(clang::ASTContext& context, const Places& places);

/// What the libraries' templates that the unit made instances of initialise.
InitialiserNodes collect_library_initialisers(clang::ASTContext& context, const Places& places);

}  // namespace wml::extract
