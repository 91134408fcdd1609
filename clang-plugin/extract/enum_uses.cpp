#include "extract/enum_uses.h"

#include <algorithm>
#include <bit>

#include "clang/AST/ExprCXX.h"
#include "extract/array_elements.h"
#include "extract/function_body.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringSet.h"

// What a program can tell of an enumeration's underlying type beside its size in records. Values: whatever is converted
// to it must fit, so conversions of anything but constants, narrow integers and combinations of its own values count as
// unknown. Types: an unscoped one with a fixed underlying type promotes to that type better than to int, so that
// f(unsigned char) would win over f(int); a stream would print a character. Bytes: pointers to it that become
// others, sizeof, variable arguments.

namespace wml::extract {
namespace {

/// std's templates that ask for the underlying type or print by it.
bool asks_for_type(llvm::StringRef name) {
  static const llvm::StringSet<> names = {"underlying_type", "underlying_type_t", "make_signed",     "make_signed_t",
                                          "make_unsigned",   "make_unsigned_t",   "ostream_iterator"};
  return names.contains(name);
}

bool is_small_integer(clang::QualType type) {
  const auto* builtin = type.getNonReferenceType()->getAs<clang::BuiltinType>();
  if (builtin == nullptr) return false;
  switch (builtin->getKind()) {
    case clang::BuiltinType::Char_S:
    case clang::BuiltinType::Char_U:
    case clang::BuiltinType::SChar:
    case clang::BuiltinType::UChar:
    case clang::BuiltinType::Short:
    case clang::BuiltinType::UShort: return true;
    default: return false;
  }
}

/// Operators that are members: what is overloaded is in one class.
bool is_member_only(const clang::FunctionDecl& callee) {
  const clang::OverloadedOperatorKind kind = callee.getOverloadedOperator();
  return kind == clang::OO_Subscript || kind == clang::OO_Call || kind == clang::OO_Equal || kind == clang::OO_Arrow;
}

/// Whether another function of this name takes a type that an enumeration may get.
bool has_overload_for_small_integers(const clang::FunctionDecl& callee) {
  if (callee.isOverloadedOperator() && !is_member_only(callee)) return true;  // found by arguments, in any scope
  if (callee.getDeclName().isEmpty()) return false;
  for (const clang::NamedDecl* found : callee.getDeclContext()->getRedeclContext()->lookup(callee.getDeclName())) {
    const clang::FunctionDecl* other = found->getUnderlyingDecl()->getAsFunction();
    if (other == nullptr || other->getCanonicalDecl() == callee.getCanonicalDecl()) continue;
    const bool small = std::ranges::any_of(other->parameters(), [](const clang::ParmVarDecl* parameter) {
      return is_small_integer(parameter->getType());
    });
    if (small) return true;
  }
  return false;
}

class EnumUses {
public:
  EnumUses(clang::ASTContext& context, const Places& places, const KnownEnums& enums)
      : context_(context), places_(places), enums_(enums) {}

  void see(const clang::CastExpr& cast) {
    const clang::Expr& from = *cast.getSubExpr();
    switch (cast.getCastKind()) {
      case clang::CK_IntegralCast:
      case clang::CK_FloatingToIntegral: add_converted(cast.getType(), from); break;
      case clang::CK_LValueBitCast:
      case clang::CK_LValueToRValueBitCast:
        add_pointer(from.getType(), cast.getBeginLoc());
        add_pointer(cast.getType(), cast.getBeginLoc());
        break;
      case clang::CK_BitCast:
      case clang::CK_IntegralToPointer:
      case clang::CK_PointerToIntegral: {
        const clang::QualType source = pointee_of(from.getType()), target = pointee_of(cast.getType());
        if (!source.isNull() && !target.isNull() && context_.hasSameUnqualifiedType(source, target)) break;
        add_pointer(source, cast.getBeginLoc());
        add_pointer(target, cast.getBeginLoc());
        break;
      }
      default: break;
    }
  }

  void see(const clang::BinaryOperator& operation) {
    // sizeof array / sizeof array[0]
    if (operation.getOpcode() != clang::BO_Div) return;
    const auto* whole = llvm::dyn_cast<clang::UnaryExprOrTypeTraitExpr>(operation.getLHS()->IgnoreParenImpCasts());
    const auto* part = llvm::dyn_cast<clang::UnaryExprOrTypeTraitExpr>(operation.getRHS()->IgnoreParenImpCasts());
    if (whole == nullptr || part == nullptr || !whole->getTypeOfArgument()->isArrayType()) return;
    if (enum_in(whole->getTypeOfArgument()) != enum_in(part->getTypeOfArgument())) return;
    counting_.insert(whole);
    counting_.insert(part);
  }

  void see(const clang::UnaryExprOrTypeTraitExpr& expression, bool in_assertion) {
    if (counting_.contains(&expression)) return;
    const clang::QualType type = expression.getTypeOfArgument();
    if (in_assertion) {
      enums_.add_hazard(enum_in(type), HazardKind::layout_asserted, expression.getBeginLoc());
    } else {
      enums_.add_hazard(enums_.of(type), HazardKind::underlying_used, expression.getBeginLoc());
    }
  }

  void see(clang::UnaryTransformTypeLoc type) {
    enums_.add_hazard(enums_.of(type.getTypePtr()->getBaseType()), HazardKind::underlying_used, type.getBeginLoc());
  }

  void see(clang::TemplateSpecializationTypeLoc type) {
    const clang::TemplateDecl* made = type.getTypePtr()->getTemplateName().getAsTemplateDecl();
    if (made == nullptr || !asks_for_type(made->getName())) return;
    for (const clang::TemplateArgument& argument : type.getTypePtr()->template_arguments()) {
      if (argument.getKind() == clang::TemplateArgument::Type)
        enums_.add_hazard(enums_.of(argument.getAsType()), HazardKind::underlying_used, type.getBeginLoc());
    }
  }

  void see(const clang::CallExpr& call) {
    const clang::FunctionDecl* callee = call.getDirectCallee();
    std::optional<unsigned> variadic_from;
    const clang::QualType type = call.getCallee()->getType();
    const clang::Type* function = type->isPointerType() ? type->getPointeeType().getTypePtr() : type.getTypePtr();
    if (callee != nullptr) function = callee->getType().getTypePtr();
    if (const auto* prototype = function->getAs<clang::FunctionProtoType>()) {
      if (prototype->isVariadic()) variadic_from = prototype->getNumParams();
    } else if (function->getAs<clang::FunctionNoProtoType>() != nullptr) {
      variadic_from = 0;
    }
    const bool is_member_operator =
        llvm::isa<clang::CXXOperatorCallExpr>(call) && llvm::isa_and_nonnull<clang::CXXMethodDecl>(callee);
    if (is_member_operator && variadic_from) ++*variadic_from;
    add_arguments(call.arguments(), callee, variadic_from);
    if (callee != nullptr && callee->getIdentifier() != nullptr && callee->getName() == "to_underlying") {
      for (const clang::Expr* argument : call.arguments())
        enums_.add_hazard(enums_.of(argument->getType()), HazardKind::underlying_used, call.getBeginLoc());
    }
  }

  void see(const clang::CXXConstructExpr& made) {
    const clang::CXXConstructorDecl* constructor = made.getConstructor();
    const auto from = constructor->isVariadic() ? std::optional(constructor->getNumParams()) : std::nullopt;
    add_arguments(made.arguments(), constructor, from);
  }

  void see(const clang::VAArgExpr& taken) {
    enums_.add_hazard(enums_.of(taken.getType()), HazardKind::passed_variadic, taken.getBeginLoc());
  }

  void see(const clang::VarDecl& variable) {
    if (!places_.is_users(variable.getLocation())) return;
    if (llvm::isa<clang::ParmVarDecl>(variable)) return;
    if (variable.isThisDeclarationADefinition() == clang::VarDecl::DeclarationOnly) return;
    add_array(variable.getType(), variable.hasGlobalStorage() ? Storage::static_storage : Storage::stack,
              variable.getQualifiedNameAsString(), variable.getLocation());
  }

  void see(const clang::FieldDecl& field) {
    EnumFact* fact = enum_in(field.getType());
    if (fact == nullptr) return;
    const std::string name = field.getQualifiedNameAsString();
    if (field.isBitField()) enums_.add_hazard(fact, HazardKind::declares_bit_field, field.getLocation(), name);
    if (field.getParent()->isUnion()) enums_.add_hazard(fact, HazardKind::union_type, field.getLocation(), name);
  }

  void see(const clang::CXXNewExpr& expression) {
    const ArrayElements inner = elements_of(expression.getAllocatedType(), context_);
    EnumFact* fact = enums_.of(inner.type);
    if (fact == nullptr || !expression.isArray() || expression.getNumPlacementArgs() > 0) return;
    const std::optional<const clang::Expr*> size = expression.getArraySize();
    const std::optional<std::int64_t> given = size && *size != nullptr ? constant(**size) : std::nullopt;
    if (inner.count && given && *given >= 0) {
      const std::uint64_t count = *inner.count * static_cast<std::uint64_t>(*given);
      fact->instances.push_back({Storage::heap, "", count, places_.of(expression.getBeginLoc())});
    }
  }

private:
  /// What is converted to an enumeration has to fit.
  void add_converted(clang::QualType to, const clang::Expr& from) const {
    EnumFact* fact = enums_.of(to);
    if (fact == nullptr || enums_.of(from.getType()) == fact || from.isValueDependent()) return;
    if (const std::optional<std::int64_t> value = constant(from)) {
      fact->lowest = std::min(fact->lowest, *value);
      fact->highest = std::max(fact->highest, *value);
      return;
    }
    const std::optional<unsigned> bits = bits_of(from, *fact);
    if (!bits || *bits > 32) {
      // Who writes the type wants what it holds.
      const bool is_open = fact->underlying && !fact->underlying->text.empty();
      enums_.add_hazard(fact, is_open ? HazardKind::open_range : HazardKind::integer_cast, from.getBeginLoc());
    } else {
      fact->highest = std::max(fact->highest, (std::int64_t{1} << *bits) - 1);
    }
  }

  /// How many bits hold an expression that is not negative; nothing where that is not known. Constants count in what
  /// the enumeration has to hold, so that values of it, and what | & ^ make of them, never need more.
  // NOLINTNEXTLINE(misc-no-recursion): as deep as the expression
  std::optional<unsigned> bits_of(const clang::Expr& written, const EnumFact& fact) const {
    const clang::Expr& expression = *written.IgnoreParens();
    if (const std::optional<std::int64_t> value = constant(expression))
      return *value < 0 ? std::nullopt : std::optional(bits_of(*value));
    if (enums_.of(expression.getType()) == &fact)
      return fact.lowest < 0 ? std::nullopt : std::optional(bits_of(fact.highest));
    if (const auto* choice = llvm::dyn_cast<clang::ConditionalOperator>(&expression)) {
      const std::optional<unsigned> left = bits_of(*choice->getTrueExpr(), fact);
      const std::optional<unsigned> right = bits_of(*choice->getFalseExpr(), fact);
      return left && right ? std::optional(std::max(*left, *right)) : std::nullopt;
    }
    if (const auto* cast = llvm::dyn_cast<clang::CastExpr>(&expression)) {
      const std::optional<unsigned> inner = bits_of(*cast->getSubExpr(), fact);
      if (inner && *inner <= room_in(cast->getType())) return inner;
    }
    if (const auto* operation = llvm::dyn_cast<clang::BinaryOperator>(&expression)) {
      const std::optional<unsigned> left = bits_of(*operation->getLHS(), fact);
      const std::optional<unsigned> right = bits_of(*operation->getRHS(), fact);
      switch (operation->getOpcode()) {
        case clang::BO_And: return left && right ? std::min(*left, *right) : (left ? left : right);
        case clang::BO_Or:
        case clang::BO_Xor: return left && right ? std::optional(std::max(*left, *right)) : std::nullopt;
        default: break;
      }
    }
    if (const std::optional<std::uint64_t> bound = bound_of_counter(expression, context_))
      return bits_of(static_cast<std::int64_t>(*bound));
    const clang::QualType type = expression.getType();
    const clang::FieldDecl* field = expression.isGLValue() ? expression.getSourceBitField() : nullptr;
    if (field != nullptr && type->isUnsignedIntegerType()) return field->getBitWidthValue();
    const bool is_narrow = type->isUnsignedIntegerType() && !type->isEnumeralType() && room_in(type) <= 16;
    return is_narrow ? std::optional(room_in(type)) : std::nullopt;
  }

  /// The bits of an integer type that are not for the sign.
  unsigned room_in(clang::QualType type) const {
    if (!type->isIntegralOrEnumerationType()) return 0;
    return context_.getIntWidth(type) - (type->isSignedIntegerOrEnumerationType() ? 1 : 0);
  }

  static unsigned bits_of(std::int64_t value) {
    return static_cast<unsigned>(std::bit_width(static_cast<std::uint64_t>(value)));
  }

  std::optional<std::int64_t> constant(const clang::Expr& expression) const {
    clang::Expr::EvalResult result;
    if (expression.isValueDependent() || !expression.getType()->isIntegralOrEnumerationType()) return std::nullopt;
    if (!expression.EvaluateAsInt(result, context_)) return std::nullopt;
    const llvm::APSInt& value = result.Val.getInt();
    return value.getSignificantBits() > 63 ? std::nullopt : std::optional(value.getExtValue());
  }

  template <class Arguments>
  void add_arguments(const Arguments& arguments, const clang::FunctionDecl* callee,
                     std::optional<unsigned> variadic_from) const {
    unsigned i = 0;
    for (const clang::Expr* argument : arguments) {
      const bool is_variadic = variadic_from && i++ >= *variadic_from;
      if (is_variadic) {
        const clang::QualType type = argument->getType();
        EnumFact* fact = enums_.of(type);
        enums_.add_hazard(fact, HazardKind::passed_variadic, argument->getBeginLoc());
        if (fact == nullptr) add_pointer(pointee_of(type), argument->getBeginLoc());
      } else if (EnumFact* fact = promoted(argument);
                 fact != nullptr && callee != nullptr && has_overload_for_small_integers(*callee)) {
        enums_.add_hazard(fact, HazardKind::overloaded_call, argument->getBeginLoc(), callee->getNameAsString());
      }
    }
  }

  /// The unscoped enumeration that an argument is made from without a word.
  EnumFact* promoted(const clang::Expr* argument) const {
    while (true) {
      argument = argument->IgnoreParens();
      if (const auto* made = llvm::dyn_cast<clang::MaterializeTemporaryExpr>(argument)) {
        argument = made->getSubExpr();
      } else if (const auto* cast = llvm::dyn_cast<clang::ImplicitCastExpr>(argument)) {
        argument = cast->getSubExpr();
        EnumFact* fact = enums_.of(argument->getType());
        if (fact != nullptr && cast->getType()->isArithmeticType() && !cast->getType()->isEnumeralType()) return fact;
      } else {
        return nullptr;
      }
    }
  }

  EnumFact* enum_in(clang::QualType type) const { return enums_.of(elements_of(type, context_).type); }

  static clang::QualType pointee_of(clang::QualType type) {
    return type->isPointerType() ? type->getPointeeType() : clang::QualType();
  }

  void add_pointer(clang::QualType pointee, clang::SourceLocation where) const {
    if (!pointee.isNull()) enums_.add_hazard(enum_in(pointee), HazardKind::pointer_converted, where);
  }

  void add_array(clang::QualType type, Storage storage, const std::string& name, clang::SourceLocation where) const {
    const ArrayElements elements = elements_of(type, context_);
    EnumFact* fact = enums_.of(elements.type);
    const bool is_array = !context_.hasSameUnqualifiedType(type, elements.type);
    if (fact != nullptr && is_array && elements.count)
      fact->instances.push_back({storage, name, elements.count, places_.of(where)});
  }

  clang::ASTContext& context_;
  const Places& places_;
  const KnownEnums& enums_;
  llvm::DenseSet<const clang::UnaryExprOrTypeTraitExpr*> counting_;
};

}  // namespace

void add_enum_uses(clang::ASTContext& context, const Places& places, const UnitNodes& nodes, const KnownEnums& enums) {
  EnumUses uses(context, places, enums);
  for (const clang::VarDecl* variable : nodes.variables) uses.see(*variable);
  for (const clang::FieldDecl* field : nodes.fields) uses.see(*field);
  for (const clang::CastExpr* cast : nodes.casts) uses.see(*cast);
  for (const clang::BinaryOperator* operation : nodes.binary_operators) uses.see(*operation);
  for (const auto& [size, in_assertion] : nodes.sizes) uses.see(*size, in_assertion);
  for (const clang::UnaryTransformTypeLoc type : nodes.transformed_types) uses.see(type);
  for (const auto& [type, in_assertion] : nodes.template_types) uses.see(type);
  for (const clang::CallExpr* call : nodes.calls) uses.see(*call);
  for (const clang::CXXConstructExpr* made : nodes.constructions) uses.see(*made);
  for (const clang::CXXNewExpr* made : nodes.news) uses.see(*made);
  for (const clang::VAArgExpr* taken : nodes.variable_arguments) uses.see(*taken);
}

}  // namespace wml::extract
