#include "extract/record_uses.h"

#include "clang/AST/Attr.h"
#include "clang/AST/DynamicRecursiveASTVisitor.h"
#include "clang/AST/ExprCXX.h"
#include "extract/borders.h"
#include "extract/users_declarations.h"
#include "llvm/ADT/StringSet.h"

// Uses that tie a record to its layout. What reads or writes its bytes without naming its fields is found by the
// conversions that it needs: to a pointer to characters, to another record, or to void in front of functions that are
// known to copy bytes. A conversion to void alone is what every free() and every callback does.

namespace wml::extract {
namespace {

bool is_character(clang::QualType type) {
  return !type.isNull() && (type->isAnyCharacterType() || type->isStdByteType() || type->isCharType());
}

/// Functions that take memory as bytes.
bool moves_bytes(llvm::StringRef name) {
  static const llvm::StringSet<> names = {"memcpy", "memmove", "memcmp",   "memchr",  "memset", "bcopy",  "bcmp",
                                          "fread",  "fwrite",  "read",     "write",   "pread",  "pwrite", "send",
                                          "recv",   "sendto",  "recvfrom", "mempcpy", "memccpy"};
  name.consume_front("__builtin_");
  return names.contains(name);
}

/// Functions that are given memory and its size, and do not look into it.
bool takes_whole_objects(llvm::StringRef name) {
  return name == "qsort" || name == "bsearch" || name == "bzero" || name.contains_insensitive("alloc") ||
         name.contains_insensitive("free");
}

/// Whether the size of `record` is asked for somewhere in an expression.
class AsksSize : public clang::DynamicRecursiveASTVisitor {
public:
  AsksSize(const KnownRecords& records, const RecordFact* record) : records_(records), record_(record) {}
  bool VisitUnaryExprOrTypeTraitExpr(clang::UnaryExprOrTypeTraitExpr* expression) override {
    found = found ||
            (expression->getKind() == clang::UETT_SizeOf && records_.of(expression->getTypeOfArgument()) == record_);
    return !found;
  }
  bool found = false;

private:
  const KnownRecords& records_;
  const RecordFact* record_;
};

class Uses : public clang::DynamicRecursiveASTVisitor {
public:
  Uses(clang::ASTContext& context, const Places& places, const KnownRecords& records)
      : context_(context), places_(places), records_(records) {
    ShouldVisitTemplateInstantiations = true;
    ShouldVisitImplicitCode = false;
  }

  bool TraverseStaticAssertDecl(clang::StaticAssertDecl* assertion) override {
    ++in_assertion_;
    const bool going = clang::DynamicRecursiveASTVisitor::TraverseStaticAssertDecl(assertion);
    --in_assertion_;
    return going;
  }

  bool VisitUnaryExprOrTypeTraitExpr(clang::UnaryExprOrTypeTraitExpr* expression) override {
    if (in_assertion_ > 0)
      records_.add_hazard(records_.of(expression->getTypeOfArgument()), HazardKind::layout_asserted,
                          expression->getBeginLoc());
    return true;
  }

  bool VisitOffsetOfExpr(clang::OffsetOfExpr* expression) override {
    const HazardKind kind = in_assertion_ > 0 ? HazardKind::layout_asserted : HazardKind::offset_taken;
    for (unsigned i = 0; i < expression->getNumComponents(); ++i) {
      const clang::OffsetOfNode& node = expression->getComponent(i);
      if (node.getKind() != clang::OffsetOfNode::Field) continue;
      records_.add_hazard(records_.of(node.getField()->getParent()), kind, expression->getBeginLoc(),
                          node.getField()->getNameAsString());
    }
    return true;
  }

  bool VisitUnaryOperator(clang::UnaryOperator* expression) override {
    if (expression->getOpcode() != clang::UO_AddrOf) return true;
    // &((T*)0)->field: offsetof as it was written before there was one.
    if (const auto* member = llvm::dyn_cast<clang::MemberExpr>(expression->getSubExpr()->IgnoreParens())) {
      const auto* field = llvm::dyn_cast<clang::FieldDecl>(member->getMemberDecl());
      const auto* zero = llvm::dyn_cast<clang::IntegerLiteral>(member->getBase()->IgnoreParenCasts());
      if (field != nullptr && zero != nullptr)
        records_.add_hazard(records_.of(field->getParent()), HazardKind::offset_taken, expression->getBeginLoc(),
                            field->getNameAsString());
    }
    const auto* name = llvm::dyn_cast<clang::DeclRefExpr>(expression->getSubExpr()->IgnoreParens());
    const auto* field = name == nullptr ? nullptr : llvm::dyn_cast<clang::FieldDecl>(name->getDecl());
    if (field != nullptr)
      records_.add_hazard(records_.of(field->getParent()), HazardKind::member_pointer, expression->getBeginLoc(),
                          field->getNameAsString());
    return true;
  }

  bool VisitDecompositionDecl(clang::DecompositionDecl* declaration) override {
    for (const clang::BindingDecl* binding : declaration->bindings()) {
      if (binding->getHoldingVar() != nullptr) return true;  // by std::tuple_size, not by fields
    }
    records_.add_hazard(records_.of(declaration->getType().getNonReferenceType()), HazardKind::structured_binding,
                        declaration->getLocation());
    return true;
  }

  bool VisitCallExpr(clang::CallExpr* call) override {
    const clang::FunctionDecl* callee = call->getDirectCallee();
    if (callee == nullptr || callee->getIdentifier() == nullptr) return true;
    llvm::StringRef name = callee->getName();
    name.consume_front("__builtin_");
    if (name.starts_with("emscripten_asm_const")) {
      for (const clang::Expr* argument : call->arguments())
        add_border(argument->IgnoreParenCasts()->getType(), *callee);
    } else if (name == "as_bytes" || name == "as_writable_bytes") {
      for (const clang::Expr* argument : call->arguments())
        add_bytes(span_element(argument->getType()), call->getBeginLoc());
    } else if (moves_bytes(name)) {
      add_moved_bytes(*call, name);
    } else if (!takes_whole_objects(name)) {
      add_sized_bytes(*call, name);
    }
    return true;
  }

  bool VisitCastExpr(clang::CastExpr* cast) override {
    const clang::CastKind kind = cast->getCastKind();
    if (kind == clang::CK_LValueToRValueBitCast || kind == clang::CK_LValueBitCast) {
      add_bytes(records_.of(cast->getSubExpr()->getType()), cast->getBeginLoc());
      add_bytes(records_.of(cast->getType()), cast->getBeginLoc());
    }
    if (kind != clang::CK_BitCast) return true;
    RecordFact* from = records_.behind(cast->getSubExpr()->getType());
    RecordFact* to = records_.behind(cast->getType());
    if (from == to) return true;
    const clang::QualType source = cast->getSubExpr()->getType()->getPointeeType();
    const clang::QualType target = cast->getType()->getPointeeType();
    const bool between_records =
        !source.isNull() && !target.isNull() && source->isRecordType() && target->isRecordType();
    if (between_records || is_character(target)) add_bytes(from, cast->getBeginLoc());
    if (between_records || is_character(source)) add_bytes(to, cast->getBeginLoc());
    return true;
  }

  bool VisitFunctionDecl(clang::FunctionDecl* function) override {
    const bool exported = is_at_border_or_for_c(*function);
    if (!exported || !places_.is_users(function->getLocation())) return true;
    add_border(function->getReturnType(), *function);
    for (const clang::ParmVarDecl* parameter : function->parameters()) add_border(parameter->getType(), *function);
    return true;
  }

  bool VisitVarDecl(clang::VarDecl* variable) override {
    if (!places_.is_users(variable->getLocation())) return true;
    const clang::QualType type = variable->getType();
    if (is_volatile(type))
      records_.add_hazard(records_.of(type), HazardKind::volatile_member, variable->getLocation(),
                          variable->getNameAsString());
    if (type->isPointerType() && type->getPointeeType().isVolatileQualified())
      records_.add_hazard(records_.behind(type), HazardKind::volatile_member, variable->getLocation(),
                          variable->getNameAsString());
    if (is_at_border(*variable)) add_border(type, *variable);
    return true;
  }

  bool VisitFieldDecl(clang::FieldDecl* field) override {
    if (!places_.is_users(field->getLocation())) return true;
    if (field->getParent()->isUnion())
      records_.add_hazard(records_.of(field->getType()), HazardKind::union_type, field->getLocation());
    return true;
  }

  bool VisitCXXRecordDecl(clang::CXXRecordDecl* record) override {
    if (!record->isThisDeclarationADefinition()) return true;
    for (const clang::CXXBaseSpecifier& base : record->bases())
      records_.add_hazard(records_.of(base.getType()), HazardKind::has_derived, record->getLocation(),
                          record->getNameAsString());
    return true;
  }

private:
  static bool is_volatile(clang::QualType type) {
    return type.isVolatileQualified() || (type->isArrayType() && type->getBaseElementTypeUnsafe() != nullptr &&
                                          type.getUnqualifiedType() != type && type.isVolatileQualified());
  }

  void add_bytes(RecordFact* fact, clang::SourceLocation where) const {
    records_.add_hazard(fact, HazardKind::bytewise_access, where);
  }

  void add_border(clang::QualType type, const clang::NamedDecl& declaration) const {
    const clang::QualType bare = type.getNonReferenceType();
    RecordFact* fact = bare->isPointerType() ? records_.behind(bare) : records_.of(bare);
    records_.add_hazard(fact, HazardKind::exported_interface, declaration.getLocation(), declaration.getNameAsString());
  }

  void add_moved_bytes(const clang::CallExpr& call, llvm::StringRef name) const {
    const RecordFact* first = argument_record(call, 0);
    if (name == "memset" && is_zero(call, 1)) return;
    // Whole objects from one to the other: fields are not looked at.
    if ((name == "memcpy" || name == "memmove") && first != nullptr && first == argument_record(call, 1)) return;
    for (unsigned i = 0; i < call.getNumArgs(); ++i)
      records_.add_hazard(argument_record(call, i), HazardKind::bytewise_access, call.getBeginLoc(), name.str());
  }

  /// An object as void and its size, to a function that may do anything with the bytes.
  void add_sized_bytes(const clang::CallExpr& call, llvm::StringRef name) const {
    for (unsigned i = 0; i < call.getNumArgs(); ++i) {
      if (!call.getArg(i)->getType()->isVoidPointerType()) continue;
      RecordFact* fact = argument_record(call, i);
      if (fact == nullptr) continue;
      AsksSize size(records_, fact);
      for (const clang::Expr* argument : call.arguments()) size.TraverseStmt(const_cast<clang::Expr*>(argument));
      if (size.found) records_.add_hazard(fact, HazardKind::bytewise_access, call.getBeginLoc(), name.str());
    }
  }

  /// T of std::span<T>.
  RecordFact* span_element(clang::QualType type) const {
    const auto* made = llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(type->getAsCXXRecordDecl());
    if (made == nullptr || made->getTemplateArgs().size() == 0) return nullptr;
    const clang::TemplateArgument& first = made->getTemplateArgs()[0];
    return first.getKind() == clang::TemplateArgument::Type ? records_.of(first.getAsType()) : nullptr;
  }

  RecordFact* argument_record(const clang::CallExpr& call, unsigned i) const {
    if (i >= call.getNumArgs()) return nullptr;
    return records_.behind(call.getArg(i)->IgnoreParenCasts()->getType());
  }

  bool is_zero(const clang::CallExpr& call, unsigned i) const {
    return i < call.getNumArgs() && constant(*call.getArg(i)) == std::uint64_t{0};
  }

  std::optional<std::uint64_t> constant(const clang::Expr& expression) const {
    clang::Expr::EvalResult result;
    if (expression.isValueDependent() || !expression.EvaluateAsInt(result, context_)) return std::nullopt;
    const llvm::APSInt& value = result.Val.getInt();
    return value.isNegative() || value.getActiveBits() > 63 ? std::nullopt : std::optional(value.getZExtValue());
  }

  clang::ASTContext& context_;
  const Places& places_;
  const KnownRecords& records_;
  int in_assertion_ = 0;
};

}  // namespace

void add_record_uses(clang::ASTContext& context, const Places& places, const KnownRecords& records) {
  Uses uses(context, places, records);
  for (clang::Decl* declaration : users_declarations(context, places)) uses.TraverseDecl(declaration);
}

}  // namespace wml::extract
