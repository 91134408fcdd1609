#include "extract/byte_uses.h"

#include "clang/AST/ExprCXX.h"
#include "extract/memory_functions.h"
#include "extract/only_cast_back.h"
#include "llvm/ADT/DenseSet.h"

// What reads or writes an object's bytes without naming its fields is found by the conversions that it needs. To void
// alone is what every free() and every callback does: a function can do nothing with such a pointer but convert it
// back, unless it knows a size (size_uses.cpp). To const void is what checksums and senders take, with or without a
// size: it counts unless what takes it is known. To anything else always counts.

namespace wml::extract {
namespace {

/// The expression behind casts to void pointers and parentheses: what a pointer to void was made from.
const clang::Expr& behind_void(const clang::Expr& expression) {
  const clang::Expr* at = expression.IgnoreParens();
  while (at->getType()->isVoidPointerType()) {
    const auto* cast = llvm::dyn_cast<clang::CastExpr>(at);
    if (cast == nullptr) break;
    at = cast->getSubExpr()->IgnoreParens();
  }
  return *at;
}

/// Whether a pointer to `outer` is one to `inner` as well: its first field, or the first field of that.
bool starts_with(const clang::RecordDecl& outer, const clang::RecordDecl& inner) {
  const clang::RecordDecl* at = &outer;
  while (at != nullptr && at != &inner) at = at->field_empty() ? nullptr : record_in((*at->field_begin())->getType());
  return at != nullptr;
}

bool prints_addresses(const clang::CallExpr& call) {
  const auto* shown = llvm::dyn_cast<clang::CXXOperatorCallExpr>(&call);
  return shown != nullptr && shown->getOperator() == clang::OO_LessLess;
}

class ByteUses {
public:
  ByteUses(clang::ASTContext& context, const KnownLayouts& layouts, const WholeMoves& whole)
      : context_(context), layouts_(layouts), whole_(whole) {}

  void see(const clang::CallExpr& call) {
    const llvm::StringRef name = called_name(call);
    if (name == "bit_cast" || name.starts_with("start_lifetime_as")) {
      for (const clang::Expr* argument : call.arguments()) add_bytes(argument->getType(), call, name);
      add_bytes(call.getType(), call, name);
      add_bytes(pointee_of(call.getType()), call, name);
    } else if (name == "as_bytes" || name == "as_writable_bytes") {
      for (const clang::Expr* argument : call.arguments()) add_bytes(span_element(argument->getType()), call, name);
    } else if (moves_bytes(name)) {
      add_moved_bytes(call, name);
      for (const clang::Expr* argument : call.arguments()) accept(argument);
    } else if (takes_whole_objects(call) || prints_addresses(call)) {
      for (const clang::Expr* argument : call.arguments()) accept(argument);
    } else {
      accept_known_parameters(call);
    }
  }

  void see(const clang::CXXConstructExpr& made) {
    unsigned i = 0;
    for (const clang::Expr* argument : made.arguments()) {
      if (only_casts_back(*made.getConstructor(), i++)) accept(argument);
    }
  }

  void see(const clang::BinaryOperator& operation) {
    if (!operation.isComparisonOp()) return;
    accept(operation.getLHS());
    accept(operation.getRHS());
  }

  void see(const clang::CastExpr& cast) {
    const clang::Expr& from = *cast.getSubExpr();
    switch (cast.getCastKind()) {
      case clang::CK_LValueToRValueBitCast:
      case clang::CK_LValueBitCast:
        add_bytes(from.getType(), cast);
        add_bytes(cast.getType(), cast);
        break;
      case clang::CK_PointerToIntegral:
        if (!accepted_.contains(&cast)) add_converted(pointee_of(behind_void(from).getType()), cast);
        break;
      case clang::CK_IntegralToPointer: add_converted(pointee_of(cast.getType()), cast); break;
      case clang::CK_BitCast: add_pointer(cast); break;
      default: break;
    }
  }

private:
  void add_bytes(clang::QualType type, const clang::Expr& where, llvm::StringRef what = {}) const {
    layouts_.add_hazard(type, HazardKind::bytewise_access, where.getBeginLoc(), what.str());
  }

  void add_converted(clang::QualType type, const clang::Expr& where) const {
    layouts_.add_hazard(type, HazardKind::pointer_converted, where.getBeginLoc());
  }

  /// Conversions of an operand or argument to a pointer to void, or to an integer, show nothing.
  void accept(const clang::Expr* expression) {
    while (const auto* cast = llvm::dyn_cast<clang::CastExpr>(expression->IgnoreParens())) {
      accepted_.insert(cast);
      expression = cast->getSubExpr();
    }
  }

  void accept_known_parameters(const clang::CallExpr& call) {
    const clang::FunctionDecl* callee = call.getDirectCallee();
    if (callee == nullptr) return;
    // The object of an operator that is a member is no parameter.
    const bool has_object = llvm::isa<clang::CXXOperatorCallExpr>(call) && llvm::isa<clang::CXXMethodDecl>(callee);
    for (unsigned i = has_object ? 1 : 0; i < call.getNumArgs(); ++i) {
      if (only_casts_back(*callee, has_object ? i - 1 : i)) accept(call.getArg(i));
    }
  }

  void add_pointer(const clang::CastExpr& cast) const {
    const clang::QualType from = pointee_of(behind_void(*cast.getSubExpr()).getType());
    const clang::QualType to = pointee_of(cast.getType());
    if (from.isNull() || to.isNull() || from->isVoidType()) return;
    if (to->isVoidType()) {
      if (to.isConstQualified() && !accepted_.contains(&cast)) add_converted(from, cast);
      return;
    }
    const clang::RecordDecl* source = record_in(from);
    const clang::RecordDecl* target = record_in(to);
    if (source == target) return;
    const KnownRecords& records = layouts_.records();
    records.add_hazard(records.of(source), HazardKind::bytewise_access, cast.getBeginLoc());
    records.add_hazard(records.of(target), HazardKind::bytewise_access, cast.getBeginLoc());
    // What they hold is not looked at where one is the beginning of the other; elsewhere it might be.
    if (source != nullptr && target != nullptr && (starts_with(*source, *target) || starts_with(*target, *source)))
      return;
    add_converted(from, cast);
    add_converted(to, cast);
  }

  void add_moved_bytes(const clang::CallExpr& call, llvm::StringRef name) const {
    if (whole_.contains(&call)) return;
    const HazardKind kind = stays_in_objects(call) ? HazardKind::size_used : HazardKind::bytewise_access;
    for (const clang::Expr* argument : call.arguments()) {
      const clang::Expr& given = *argument->IgnoreParenCasts();
      const clang::QualType type = pointee_of(given.getType());
      const bool as_bytes = record_in(pointee_of(argument->getType())) != record_in(type);
      if (as_bytes) layouts_.add_hazard(type, kind, call.getBeginLoc(), name.str());
      if (const clang::FieldDecl* field = addressed_field(given);
          field != nullptr && reaches_beyond(call, name, *field))
        add_bytes(context_.getCanonicalTagType(field->getParent()), call, name);
    }
  }

  /// Cleared, or copied between objects of one type, by a length that is computed: most often of whole objects.
  bool stays_in_objects(const clang::CallExpr& call) const {
    const std::optional<MovedBytes> moved = moved_bytes(call);
    if (!moved || constant_of(*moved->length, context_)) return false;
    const auto record_at = [](const clang::Expr* pointer) {
      return record_in(pointee_of(pointer->IgnoreParenCasts()->getType()));
    };
    if (moved->from != nullptr) return record_at(moved->from) == record_at(moved->to);
    return moved->value == nullptr || constant_of(*moved->value, context_) == std::uint64_t{0};
  }

  /// Of &r.field, where that is no array.
  static const clang::FieldDecl* addressed_field(const clang::Expr& expression) {
    const auto* address = llvm::dyn_cast<clang::UnaryOperator>(&expression);
    if (address == nullptr || address->getOpcode() != clang::UO_AddrOf) return nullptr;
    const auto* member = llvm::dyn_cast<clang::MemberExpr>(address->getSubExpr()->IgnoreParens());
    const auto* field = member == nullptr ? nullptr : llvm::dyn_cast<clang::FieldDecl>(member->getMemberDecl());
    return field == nullptr || field->getType()->isIncompleteArrayType() ? nullptr : field;
  }

  /// Whether more bytes than those of the field may be moved: its neighbours', too.
  bool reaches_beyond(const clang::CallExpr& call, llvm::StringRef name, const clang::FieldDecl& field) const {
    const unsigned length = name.contains("zero") ? 1 : 2;
    if (call.getNumArgs() <= length || field.getType()->isDependentType()) return false;
    std::optional<std::uint64_t> bytes = constant_of(*call.getArg(length), context_);
    if (name == "fread" || name == "fwrite") {
      const std::optional<std::uint64_t> each = constant_of(*call.getArg(1), context_);
      bytes = bytes && each ? std::optional(*bytes * *each) : std::nullopt;
    }
    const auto room = static_cast<std::uint64_t>(context_.getTypeSizeInChars(field.getType()).getQuantity());
    const bool is_array = field.getType()->isArrayType();
    return bytes ? *bytes > room : !is_array;
  }

  /// T of std::span<T>.
  static clang::QualType span_element(clang::QualType type) {
    const auto* made = llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(type->getAsCXXRecordDecl());
    if (made == nullptr || made->getTemplateArgs().size() == 0) return {};
    const clang::TemplateArgument& first = made->getTemplateArgs()[0];
    return first.getKind() == clang::TemplateArgument::Type ? first.getAsType() : clang::QualType();
  }

  clang::ASTContext& context_;
  const KnownLayouts& layouts_;
  const WholeMoves& whole_;
  llvm::DenseSet<const clang::CastExpr*> accepted_;
};

}  // namespace

void add_byte_uses(clang::ASTContext& context, const UnitNodes& nodes, const KnownLayouts& layouts,
                   const WholeMoves& whole) {
  ByteUses uses(context, layouts, whole);
  for (const clang::CallExpr* call : nodes.calls) uses.see(*call);
  for (const clang::CXXConstructExpr* made : nodes.constructions) uses.see(*made);
  for (const clang::BinaryOperator* operation : nodes.binary_operators) uses.see(*operation);
  for (const clang::CastExpr* cast : nodes.casts) uses.see(*cast);
}

}  // namespace wml::extract
