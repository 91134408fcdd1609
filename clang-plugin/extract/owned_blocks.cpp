#include "extract/owned_blocks.h"

#include "extract/heap_types.h"
#include "extract/library_functions.h"
#include "extract/only_read.h"

namespace wml::extract {
namespace {

/// What a std::unique_ptr points to; null for other types.
clang::QualType kept_type(clang::QualType pointer) {
  const auto* made = as_standard(pointer.getNonReferenceType(), "unique_ptr");
  return made == nullptr ? clang::QualType() : type_argument(*made, 0);
}

/// What is moved, converted or wrapped into a std::unique_ptr.
const clang::Expr& unwrapped(const clang::Expr& value) {
  const clang::Expr* inner = &without_wrapping(value);
  while (true) {
    const clang::Expr* next = nullptr;
    if (const auto* cast = llvm::dyn_cast<clang::CXXFunctionalCastExpr>(inner)) {
      next = cast->getSubExpr();
    } else if (const auto* made = llvm::dyn_cast<clang::CXXConstructExpr>(inner);
               made != nullptr && made->getNumArgs() > 0 && !kept_type(made->getType()).isNull()) {
      next = made->getArg(0);
    }
    if (next == nullptr) return *inner;
    inner = &without_wrapping(*next);
  }
}

/// The type of the object that an expression allocates: a new-expression, or a call of std::make_unique.
clang::QualType allocated_type(const clang::Expr& made) {
  if (const auto* object = llvm::dyn_cast<clang::CXXNewExpr>(&made)) return object->getAllocatedType();
  return llvm::isa<clang::CallExpr>(made) ? kept_type(made.getType()) : clang::QualType();
}

const clang::FieldDecl* field_of(const clang::Expr& expression) {
  const auto* member = llvm::dyn_cast<clang::MemberExpr>(expression.IgnoreParenImpCasts());
  return member == nullptr ? nullptr : llvm::dyn_cast<clang::FieldDecl>(member->getMemberDecl());
}

bool hands_on(const clang::FunctionDecl& function) {
  if (function.getIdentifier() == nullptr || !is_of_std(function)) return false;
  const llvm::StringRef name = function.getName();
  return name == "move" || name == "forward" || name == "exchange" || name == "swap" || name == "release";
}

}  // namespace

OwnedBlocks::OwnedBlocks(const UnitNodes& nodes) {
  for (const clang::FieldDecl* field : nodes.fields) {
    if (field->hasInClassInitializer()) keep(field, field->getInClassInitializer());
  }
  for (const auto& [constructor, in_instance] : nodes.constructors) see(*constructor);
  for (const clang::CallExpr* call : nodes.calls) see(*call);
  for (const clang::CXXConstructExpr* construction : nodes.constructions) see(*construction);
}

void OwnedBlocks::see(const clang::CallExpr& call) {
  const clang::FunctionDecl* callee = call.getDirectCallee();
  if (callee == nullptr) return;
  const auto* assignment = llvm::dyn_cast<clang::CXXOperatorCallExpr>(&call);
  if (assignment != nullptr && assignment->getOperator() == clang::OO_Equal)
    keep(field_of(*call.getArg(0)), call.getArg(1));
  const auto* method = llvm::dyn_cast<clang::CXXMemberCallExpr>(&call);
  const clang::Expr* object = method == nullptr ? nullptr : method->getImplicitObjectArgument();
  if (object != nullptr && callee->getIdentifier() != nullptr && callee->getName() == "reset" && call.getNumArgs() > 0)
    keep(field_of(*object), call.getArg(0));
  if (!hands_on(*callee)) return;
  if (object != nullptr) hand_on(object->getType(), call.getBeginLoc());
  for (const clang::Expr* argument : call.arguments()) hand_on(argument->getType(), call.getBeginLoc());
}

void OwnedBlocks::see(const clang::CXXConstructorDecl& constructor) {
  for (const clang::CXXCtorInitializer* initialiser : constructor.inits()) {
    if (initialiser->isWritten()) keep(initialiser->getMember(), initialiser->getInit());
  }
}

/// `return pointer;`
void OwnedBlocks::see(const clang::CXXConstructExpr& construction) {
  if (construction.getNumArgs() == 0 || kept_type(construction.getType()).isNull()) return;
  const clang::Expr& source = without_wrapping(*construction.getArg(0));
  if (llvm::isa<clang::DeclRefExpr, clang::MemberExpr>(source)) hand_on(source.getType(), construction.getBeginLoc());
}

void OwnedBlocks::keep(const clang::FieldDecl* field, const clang::Expr* value) {
  const clang::QualType kept = field == nullptr ? clang::QualType() : kept_type(field->getType());
  if (kept.isNull() || value == nullptr) return;
  const clang::Expr& made = unwrapped(*value);
  const clang::QualType allocated = allocated_type(made);
  // As a base's pointer it can be handed on without being seen.
  if (!allocated.isNull() && field->getASTContext().hasSameUnqualifiedType(allocated, kept)) fields_[&made] = field;
}

void OwnedBlocks::hand_on(clang::QualType pointer, clang::SourceLocation where) {
  if (const clang::QualType kept = kept_type(pointer); !kept.isNull()) handed_on_.push_back({kept, where});
}

}  // namespace wml::extract
