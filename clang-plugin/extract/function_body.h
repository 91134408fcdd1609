#pragma once

#include <memory>
#include <vector>

#include "clang/AST/Decl.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/ParentMap.h"
#include "extract/places.h"
#include "extract/unit_nodes.h"
#include "llvm/ADT/DenseMap.h"

namespace wml::extract {

/// The body of a function, with what is asked of it again and again. Statements of lambdas inside it belong to it.
class FunctionBody {
public:
  explicit FunctionBody(const clang::FunctionDecl& function);

  const clang::FunctionDecl& function() const { return *function_; }
  const clang::Stmt& body() const { return *function_->getBody(); }

  /// Where a variable is named, in the order of the text.
  const std::vector<const clang::DeclRefExpr*>& uses_of(const clang::VarDecl& variable) const;
  /// Local variables with automatic storage that it declares, each in a statement of its own.
  const std::vector<const clang::VarDecl*>& locals() const { return locals_; }
  const std::vector<const clang::Expr*>& calls() const { return calls_; }  ///< and constructions, and new
  const std::vector<const clang::CXXForRangeStmt*>& range_loops() const { return range_loops_; }
  const std::vector<const clang::LambdaExpr*>& lambdas() const { return lambdas_; }
  const std::vector<const clang::ReturnStmt*>& returns() const { return returns_; }  ///< those of lambdas, too

  /// The node around this one; null at the body.
  const clang::Stmt* parent(const clang::Stmt& node) const;
  /// The statement that declares it.
  const clang::DeclStmt* declaration(const clang::VarDecl& variable) const;
  /// The innermost loop around a node that runs the node in each of its iterations; not one around a lambda that the
  /// node is in, and not `do { } while (0)`. Null: none.
  const clang::Stmt* loop_around(const clang::Stmt& node) const;
  bool is_inside(const clang::Stmt& node, const clang::Stmt& outer) const;

  /// Control may take ways that the text does not show: setjmp, a coroutine, OpenMP, a computed goto. Nothing is known.
  bool is_opaque() const { return opaque_; }
  bool has_labels() const { return labels_; }

private:
  void visit(const clang::Stmt& node);
  void visit_call(const clang::Expr& call);
  void visit_declarations(const clang::DeclStmt& statement);

  const clang::FunctionDecl* function_;
  // Of most functions nobody asks for these, so they are made when somebody does.
  mutable std::unique_ptr<clang::ParentMap> parents_;
  mutable llvm::DenseMap<const clang::VarDecl*, std::vector<const clang::DeclRefExpr*>> uses_;
  mutable std::vector<const clang::DeclRefExpr*> names_;  ///< of variables; what is not in `uses_` yet
  llvm::DenseMap<const clang::VarDecl*, const clang::DeclStmt*> declarations_;
  std::vector<const clang::VarDecl*> locals_;
  std::vector<const clang::Expr*> calls_;
  std::vector<const clang::CXXForRangeStmt*> range_loops_;
  std::vector<const clang::LambdaExpr*> lambdas_;
  std::vector<const clang::ReturnStmt*> returns_;
  bool opaque_ = false;
  bool labels_ = false;
};

/// The functions of a unit, and what they tell of each other.
class Functions {
public:
  Functions(clang::ASTContext& context, const Places& places, const UnitNodes& nodes);

  /// Those of the user's files whose bodies are what the author wrote: no templates, no instances of templates.
  const std::vector<const clang::FunctionDecl*>& written() const { return written_; }
  const FunctionBody& body_of(const clang::FunctionDecl& function) const;

  /// Whether it can be entered while it runs, by calls that the unit shows.
  bool is_recursive(const clang::FunctionDecl& function) const;
  /// Whether something else than a call names it: its type is fixed by others.
  bool is_named_without_call(const clang::FunctionDecl& function) const;
  /// The unit replaces the global operator new, which then may do anything.
  bool replaces_new() const { return replaces_new_; }

  clang::ASTContext& context() const { return context_; }

private:
  clang::ASTContext& context_;
  const std::vector<clang::Decl*>& declarations_;
  std::vector<const clang::FunctionDecl*> written_;
  mutable llvm::DenseMap<const clang::FunctionDecl*, std::unique_ptr<FunctionBody>> bodies_;
  mutable llvm::DenseMap<const clang::FunctionDecl*, bool> named_;
  mutable bool named_known_ = false;
  bool replaces_new_ = false;
};

/// The function that a call or construction runs, where that is certain; null for virtual calls and pointers.
const clang::FunctionDecl* callee_of(const clang::Expr& call);

/// The value of an integer constant that is not negative.
std::optional<std::uint64_t> constant_value(const clang::Expr& expression, const clang::ASTContext& context);

/// How often a loop runs, where the text says so: `for (i = a; i < b; ++i)` with constants and an untouched `i`, or a
/// range-based for over an array of constant size.
std::optional<std::uint64_t> iterations_of(const clang::Stmt& loop, const FunctionBody& body,
                                           const clang::ASTContext& context);

/// The variable that `for (...; i < bound; ++i)` counts with and nothing else changes, and its two bounds; `first` and
/// `bound` are null where it is no such loop.
struct CountingLoop {
  const clang::VarDecl* variable = nullptr;
  const clang::Expr* first = nullptr;
  const clang::Expr* bound = nullptr;  ///< not included
};
CountingLoop counting_loop(const clang::Stmt& loop, const FunctionBody& body);

/// The bound, not included, of what a variable of such a loop counts up to from a constant that is not negative;
/// nothing where an expression is anything else.
std::optional<std::uint64_t> bound_of_counter(const clang::Expr& expression, const clang::ASTContext& context);

}  // namespace wml::extract
