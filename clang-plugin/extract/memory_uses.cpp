#include "extract/memory_uses.h"

#include <algorithm>

#include "clang/AST/Attr.h"
#include "extract/heap_types.h"
#include "extract/library_functions.h"
#include "llvm/ADT/StringSet.h"

// Follows a pointer from each place that names it outwards, through casts, arithmetic and members, to what is done with
// it. Whatever is not listed here lets it escape. Functions of the same unit are followed into, a few calls deep.

namespace wml::extract {
namespace {

constexpr int kMostCallsDeep = 3;

class Walker {
public:
  Walker(const FunctionBody& body, const Functions& functions, MemoryUses& uses, int depth)
      : body_(body), functions_(functions), uses_(uses), depth_(depth) {}

  /// `node` has the value of the pointer, or of one behind it. `anywhere`: nobody knows how far behind.
  void pointer(const clang::Expr& node, bool anywhere);
  /// `node` is an object in the memory.
  void object(const clang::Expr& node, bool anywhere);
  /// `node` is the variable that owns the memory.
  void owner(const clang::Expr& node);

  void weaken(Reach reach) { uses_.reach = std::min(uses_.reach, reach); }

private:
  void call_argument(const clang::CallExpr& call, const clang::Expr& argument, bool anywhere);
  void followed_call(const clang::FunctionDecl& callee, unsigned position);
  void binary(const clang::BinaryOperator& node, const clang::Expr& operand, bool anywhere);
  void method(const clang::CXXMemberCallExpr& call, llvm::StringRef name);
  void operator_call(const clang::CXXOperatorCallExpr& call);
  void changes_size(const clang::CXXMemberCallExpr& call, llvm::StringRef name);
  void read(bool anywhere) {
    uses_.read = true;
    uses_.read_anywhere |= anywhere;
  }
  void write(bool anywhere) {
    uses_.written = true;
    uses_.written_anywhere |= anywhere;
  }

  /// Functions such as memcpy take how much they touch last.
  bool length_is_unknown(const clang::CallExpr& call) const {
    return call.getNumArgs() == 3 && is_unknown(*call.getArg(2));
  }

  /// An index that a compiler cannot compute: it depends on more than literals and loops of a constant length.
  bool is_unknown(const clang::Expr& index) const;

  const FunctionBody& body_;
  const Functions& functions_;
  MemoryUses& uses_;
  int depth_;
};

bool Walker::is_unknown(const clang::Expr& index) const {
  const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(&index);
  if (name != nullptr) {
    if (constant_value(index, functions_.context())) return false;
    const auto* variable = llvm::dyn_cast<clang::VarDecl>(name->getDecl());
    if (variable == nullptr || !variable->hasLocalStorage()) return true;
    if (llvm::isa<clang::ParmVarDecl>(variable)) return true;
    const clang::DeclStmt* declaration = body_.declaration(*variable);
    const clang::Stmt* loop = declaration == nullptr ? nullptr : body_.parent(*declaration);
    return loop != nullptr && llvm::isa<clang::ForStmt>(loop) && !iterations_of(*loop, body_, functions_.context());
  }
  if (llvm::isa<clang::CallExpr, clang::ArraySubscriptExpr, clang::MemberExpr>(index))
    return !constant_value(index, functions_.context());
  return std::ranges::any_of(index.children(), [this](const clang::Stmt* child) {
    const auto* expression = llvm::dyn_cast_or_null<clang::Expr>(child);
    return expression != nullptr && is_unknown(*expression);
  });
}

void Walker::binary(const clang::BinaryOperator& node, const clang::Expr& operand, bool anywhere) {
  if (node.isComparisonOp() || node.isLogicalOp()) {
    uses_.null_tested = true;
  } else if (node.isAdditiveOp() && node.getType()->isPointerType()) {
    const clang::Expr* other = node.getLHS() == &operand ? node.getRHS() : node.getLHS();
    pointer(node, anywhere || is_unknown(*other));
  } else if (node.getOpcode() == clang::BO_Comma && node.getLHS() == &operand) {
    return;
  } else if (node.getOpcode() != clang::BO_Sub) {
    weaken(Reach::scoped);
  }
}

void Walker::pointer(const clang::Expr& node, bool anywhere) {
  const clang::Stmt* outer = body_.parent(node);
  if (outer == nullptr) return weaken(Reach::scoped);
  const auto* expression = llvm::dyn_cast<clang::Expr>(outer);
  if (expression == nullptr) {
    // A condition, or a statement of its own; anything that keeps the value is an expression or a declaration.
    if (llvm::isa<clang::IfStmt, clang::WhileStmt, clang::ForStmt, clang::DoStmt>(outer)) {
      uses_.null_tested = true;
    } else if (!llvm::isa<clang::CompoundStmt>(outer)) {
      weaken(Reach::scoped);
    }
    return;
  }
  if (const auto* cast = llvm::dyn_cast<clang::CastExpr>(expression)) {
    switch (cast->getCastKind()) {
      case clang::CK_BitCast:
      case clang::CK_NoOp: return pointer(*cast, anywhere);
      case clang::CK_PointerToBoolean: uses_.null_tested = true; return;
      case clang::CK_ToVoid: return;
      default: return weaken(Reach::scoped);
    }
  }
  if (llvm::isa<clang::ParenExpr, clang::ExprWithCleanups>(expression)) return pointer(*expression, anywhere);
  if (const auto* subscript = llvm::dyn_cast<clang::ArraySubscriptExpr>(expression)) {
    if (subscript->getBase() != &node) return weaken(Reach::unknown);
    return object(*subscript, anywhere || is_unknown(*subscript->getIdx()));
  }
  uses_.subscripts_only = false;
  if (const auto* unary = llvm::dyn_cast<clang::UnaryOperator>(expression)) {
    if (unary->getOpcode() == clang::UO_Deref) return object(*unary, anywhere);
    if (unary->getOpcode() != clang::UO_LNot) return weaken(Reach::scoped);
    uses_.null_tested = true;
  } else if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(expression)) {
    object(*member, anywhere);
  } else if (const auto* two = llvm::dyn_cast<clang::BinaryOperator>(expression)) {
    binary(*two, node, anywhere);
  } else if (const auto* call = llvm::dyn_cast<clang::CallExpr>(expression)) {
    call_argument(*call, node, anywhere);
  } else if (llvm::isa<clang::CXXDeleteExpr>(expression)) {
    uses_.releases.push_back(expression);
  } else {
    weaken(Reach::scoped);
  }
}

void Walker::object(const clang::Expr& node, bool anywhere) {
  const clang::Stmt* outer = body_.parent(node);
  const auto* expression = llvm::dyn_cast_or_null<clang::Expr>(outer);
  if (expression == nullptr) {
    if (outer == nullptr || !llvm::isa<clang::CompoundStmt, clang::ForStmt, clang::IfStmt, clang::WhileStmt>(outer))
      weaken(Reach::scoped);
    return;
  }
  if (const auto* cast = llvm::dyn_cast<clang::ImplicitCastExpr>(expression)) {
    if (cast->getCastKind() == clang::CK_LValueToRValue) return read(anywhere);
    if (cast->getCastKind() == clang::CK_NoOp) return object(*cast, anywhere);
    if (cast->getCastKind() == clang::CK_ArrayToPointerDecay) return pointer(*cast, anywhere);
    return weaken(Reach::scoped);
  }
  if (llvm::isa<clang::ParenExpr>(expression)) return object(*expression, anywhere);
  if (const auto* two = llvm::dyn_cast<clang::BinaryOperator>(expression); two != nullptr && two->isAssignmentOp()) {
    if (two->getLHS() != &node) return weaken(Reach::scoped);
    write(anywhere);
    if (two->isCompoundAssignmentOp()) read(anywhere);
    if (two->isGLValue()) object(*two, anywhere);
    return;
  }
  if (const auto* unary = llvm::dyn_cast<clang::UnaryOperator>(expression)) {
    if (unary->getOpcode() == clang::UO_AddrOf) return pointer(*unary, anywhere);
    if (!unary->isIncrementDecrementOp()) return weaken(Reach::scoped);
    read(anywhere);
    write(anywhere);
    if (unary->isGLValue()) object(*unary, anywhere);
    return;
  }
  if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(expression);
      member != nullptr && llvm::isa<clang::FieldDecl>(member->getMemberDecl()))
    return object(*member, anywhere);
  if (const auto* copy = llvm::dyn_cast<clang::CXXConstructExpr>(expression);
      copy != nullptr && copy->getConstructor()->isCopyConstructor() && copy->getConstructor()->isTrivial())
    return read(anywhere);
  weaken(Reach::scoped);
}

void Walker::call_argument(const clang::CallExpr& call, const clang::Expr& argument, bool anywhere) {
  const clang::FunctionDecl* callee = callee_of(call);
  unsigned position = 0;
  while (position < call.getNumArgs() && call.getArg(position) != &argument) ++position;
  if (callee == nullptr || position >= call.getNumArgs()) {
    uses_.seen_outside = true;
    return weaken(Reach::scoped);
  }
  if (is_release(*callee)) {
    uses_.releases.push_back(&call);
    return;
  }
  switch (role_of_argument(*callee, position)) {
    case ArgumentRole::reads: read(anywhere || length_is_unknown(call)); break;
    case ArgumentRole::writes: write(anywhere || length_is_unknown(call)); break;
    case ArgumentRole::outside: uses_.seen_outside = true; break;
    case ArgumentRole::unknown:
      if (const clang::FunctionDecl* definition = nullptr; callee->hasBody(definition) && !callee->isVariadic())
        return followed_call(*definition, position);
      uses_.seen_outside = true;
      if (position < callee->getNumParams() && callee->getParamDecl(position)->hasAttr<clang::NoEscapeAttr>()) return;
      return weaken(Reach::scoped);
  }
  if (call.getType()->isPointerType()) pointer(call, true);  // such as memcpy's, which is where it wrote to
}

void Walker::followed_call(const clang::FunctionDecl& callee, unsigned position) {
  const bool followed = depth_ < kMostCallsDeep && position < callee.getNumParams() && !callee.isDependentContext() &&
                        !llvm::isa<clang::CXXConstructorDecl>(callee);
  if (!followed) return weaken(Reach::scoped);
  const FunctionBody& body = functions_.body_of(callee);
  MemoryUses inner;
  if (body.is_opaque()) inner.reach = Reach::scoped;
  Walker walker(body, functions_, inner, depth_ + 1);
  for (const clang::DeclRefExpr* use : body.uses_of(*callee.getParamDecl(position))) {
    const auto* value = llvm::dyn_cast_or_null<clang::ImplicitCastExpr>(body.parent(*use));
    const bool is_value = value != nullptr && value->getCastKind() == clang::CK_LValueToRValue &&
                          !use->refersToEnclosingVariableOrCapture();
    if (is_value) {
      walker.pointer(*value, false);
    } else {
      inner.reach = Reach::scoped;
    }
  }
  if (!inner.releases.empty()) weaken(Reach::unknown);
  weaken(inner.reach);
  uses_.read |= inner.read;
  uses_.written |= inner.written;
  uses_.read_anywhere |= inner.read_anywhere;
  uses_.written_anywhere |= inner.written_anywhere;
  uses_.seen_outside |= inner.seen_outside || callee.hasAttr<clang::NoInlineAttr>();
}

void Walker::owner(const clang::Expr& node) {
  const clang::Stmt* outer = body_.parent(node);
  const auto* expression = llvm::dyn_cast_or_null<clang::Expr>(outer);
  if (expression == nullptr) {
    // The hidden variable of a range-based for.
    const auto* declaration = llvm::dyn_cast_or_null<clang::DeclStmt>(outer);
    const auto* loop =
        declaration == nullptr ? nullptr : llvm::dyn_cast_or_null<clang::CXXForRangeStmt>(body_.parent(*declaration));
    uses_.subscripts_only = false;
    if (loop == nullptr || loop->getRangeStmt() != declaration) return weaken(Reach::unknown);
    read(true);
    const bool by_value = !loop->getLoopVariable()->getType()->isReferenceType();
    if (!by_value) {
      weaken(Reach::scoped);
      if (!loop->getLoopVariable()->getType().getNonReferenceType().isConstQualified()) write(true);
    }
    return;
  }
  if (const auto* cast = llvm::dyn_cast<clang::ImplicitCastExpr>(expression)) {
    const bool transparent = cast->getCastKind() == clang::CK_NoOp ||
                             cast->getCastKind() == clang::CK_UncheckedDerivedToBase ||
                             cast->getCastKind() == clang::CK_DerivedToBase;
    return transparent ? owner(*cast) : weaken(Reach::unknown);
  }
  if (llvm::isa<clang::ParenExpr>(expression)) return owner(*expression);
  if (const auto* call = llvm::dyn_cast<clang::CXXOperatorCallExpr>(expression);
      call != nullptr && call->getOperator() != clang::OO_LessLess && call->getNumArgs() > 0 &&
      call->getArg(0) == &node)
    return operator_call(*call);
  uses_.subscripts_only = false;
  // By reference to const, or by value: whoever gets it cannot take its memory.
  if (node.getType().isConstQualified() && llvm::isa<clang::CallExpr, clang::CXXConstructExpr>(expression)) {
    uses_.seen_outside = true;
    return weaken(Reach::shown);
  }
  const auto* member = llvm::dyn_cast<clang::MemberExpr>(expression);
  const auto* call =
      member == nullptr ? nullptr : llvm::dyn_cast_or_null<clang::CXXMemberCallExpr>(body_.parent(*member));
  if (call == nullptr || call->getMethodDecl() == nullptr) return weaken(Reach::unknown);
  if (llvm::isa<clang::CXXConversionDecl>(call->getMethodDecl())) {
    if (!call->getType()->isBooleanType()) return weaken(Reach::unknown);
    uses_.null_tested = true;
    return;
  }
  if (call->getMethodDecl()->getIdentifier() == nullptr) return weaken(Reach::unknown);
  method(*call, call->getMethodDecl()->getName());
}

void Walker::operator_call(const clang::CXXOperatorCallExpr& call) {
  switch (call.getOperator()) {
    case clang::OO_Subscript: return object(call, is_unknown(*call.getArg(1)));
    case clang::OO_Star: uses_.subscripts_only = false; return object(call, false);
    case clang::OO_Arrow: uses_.subscripts_only = false; return pointer(call, false);
    case clang::OO_PlusEqual:
      uses_.resized = uses_.grows_anyhow = true;
      uses_.growth.push_back(&call);
      return;
    default: return weaken(Reach::unknown);
  }
}

void Walker::changes_size(const clang::CXXMemberCallExpr& call, llvm::StringRef name) {
  uses_.resized = true;
  const bool counted = name == "resize" || name == "reserve" || (name == "assign" && call.getNumArgs() == 2);
  const auto count = counted ? constant_value(*call.getArg(0), functions_.context()) : std::nullopt;
  if (count) uses_.grown_to = std::max(uses_.grown_to, *count);
  if (name == "clear" || name == "pop_back" || name == "pop_front" || name == "erase") return;
  uses_.growth.push_back(&call);
  if (!count) uses_.grows_anyhow = true;
  if (name != "resize" && name != "reserve" && name != "assign") write(true);
}

void Walker::method(const clang::CXXMemberCallExpr& call, llvm::StringRef name) {
  static const llvm::StringSet<> asks = {"size", "empty", "length", "capacity", "max_size"};
  static const llvm::StringSet<> pointers = {"data", "c_str", "get"};
  static const llvm::StringSet<> objects = {"at", "front", "back"};
  static const llvm::StringSet<> iterators = {"begin", "end", "cbegin", "cend", "rbegin", "rend"};
  static const llvm::StringSet<> changes = {"push_back", "emplace_back", "push_front", "emplace_front", "resize",
                                            "reserve",   "assign",       "append",     "insert",        "emplace",
                                            "clear",     "erase",        "pop_back",   "pop_front"};
  if (asks.contains(name)) return;
  if (pointers.contains(name)) return pointer(call, true);
  if (objects.contains(name)) return object(call, name == "at" && is_unknown(*call.getArg(0)));
  if (changes.contains(name)) return changes_size(call, name);
  if (!iterators.contains(name)) return weaken(Reach::unknown);
  weaken(Reach::scoped);
  read(true);
  write(true);
}

/// Whether a statement of the variable's own block frees the memory, so that whoever has seen it cannot need it longer.
bool is_freed_with_block(const clang::VarDecl& variable, const MemoryUses& uses, const FunctionBody& body) {
  const clang::DeclStmt* declaration = body.declaration(variable);
  return declaration != nullptr && uses.releases.size() == 1 &&
         body.parent(*uses.releases.front()) == body.parent(*declaration);
}

}  // namespace

MemoryUses uses_of_pointer(const clang::VarDecl& variable, const FunctionBody& body, const Functions& functions) {
  MemoryUses uses;
  Walker walker(body, functions, uses, 0);
  for (const clang::DeclRefExpr* use : body.uses_of(variable)) {
    const clang::Stmt* outer = body.parent(*use);
    const auto* value = llvm::dyn_cast_or_null<clang::ImplicitCastExpr>(outer);
    const auto* assignment = llvm::dyn_cast_or_null<clang::BinaryOperator>(outer);
    if (assignment != nullptr && assignment->getOpcode() == clang::BO_Assign && assignment->getLHS() == use &&
        uses.assignment == nullptr && llvm::isa_and_nonnull<clang::CompoundStmt>(body.parent(*assignment))) {
      uses.assignment = assignment;
    } else if (value != nullptr && value->getCastKind() == clang::CK_LValueToRValue &&
               !use->refersToEnclosingVariableOrCapture()) {
      walker.pointer(*value, false);
    } else {
      walker.weaken(Reach::unknown);
    }
  }
  // A pointer has no scope that frees what it points to: the end of its block has to do so.
  if (uses.reach == Reach::scoped)
    uses.reach = is_freed_with_block(variable, uses, body) ? Reach::shown : Reach::unknown;
  return uses;
}

MemoryUses uses_of_owner(const clang::VarDecl& variable, const FunctionBody& body, const Functions& functions) {
  MemoryUses uses;
  Walker walker(body, functions, uses, 0);
  for (const clang::DeclRefExpr* use : body.uses_of(variable)) {
    if (use->refersToEnclosingVariableOrCapture()) walker.weaken(Reach::unknown);
    walker.owner(*use);
  }
  return uses;
}

}  // namespace wml::extract
