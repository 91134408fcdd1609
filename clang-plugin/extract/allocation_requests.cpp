#include "extract/allocations.h"
#include "extract/heap_types.h"
#include "extract/library_functions.h"

namespace wml::extract {
namespace {

const clang::Expr& bare(const clang::Expr& expression) {
  const clang::Expr* inner = expression.IgnoreParenCasts();
  while (true) {
    if (const auto* cleanups = llvm::dyn_cast<clang::ExprWithCleanups>(inner)) {
      inner = cleanups->getSubExpr()->IgnoreParenCasts();
    } else if (const auto* temporary = llvm::dyn_cast<clang::CXXBindTemporaryExpr>(inner)) {
      inner = temporary->getSubExpr()->IgnoreParenCasts();
    } else if (const auto* materialised = llvm::dyn_cast<clang::MaterializeTemporaryExpr>(inner)) {
      inner = materialised->getSubExpr()->IgnoreParenCasts();
    } else {
      return *inner;
    }
  }
}

std::optional<std::uint64_t> size_of(clang::QualType type, const clang::ASTContext& context) {
  if (type.isNull() || type->isIncompleteType() || type->isDependentType()) return std::nullopt;
  return static_cast<std::uint64_t>(context.getTypeSizeInChars(type).getQuantity());
}

std::optional<std::uint64_t> product(std::optional<std::uint64_t> a, std::optional<std::uint64_t> b) {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 40;
  if (!a || !b || (*b != 0 && *a > kMost / *b)) return std::nullopt;
  return *a * *b;
}

Request counted(AllocationForm form, clang::QualType element, const clang::Expr* count, bool zeroed,
                const Functions& functions) {
  const clang::ASTContext& context = functions.context();
  const auto number = count == nullptr ? std::optional<std::uint64_t>(1) : constant_value(*count, context);
  return {form, element, count, product(number, size_of(element, context)), zeroed};
}

std::optional<Request> request_of_call(const clang::CallExpr& call, const Functions& functions) {
  const clang::FunctionDecl* callee = callee_of(call);
  if (callee == nullptr) return std::nullopt;
  const clang::ASTContext& context = functions.context();
  if (is_malloc(*callee) && call.getNumArgs() == 1)
    return Request{AllocationForm::malloc, {}, call.getArg(0), constant_value(*call.getArg(0), context), false};
  if (is_calloc(*callee) && call.getNumArgs() == 2) {
    const auto bytes = product(constant_value(*call.getArg(0), context), constant_value(*call.getArg(1), context));
    return Request{AllocationForm::malloc, {}, call.getArg(0), bytes, true};
  }
  const bool makes =
      callee->isInStdNamespace() && callee->getIdentifier() != nullptr && callee->getName() == "make_unique";
  const auto* made = makes ? as_standard(call.getType(), "unique_ptr") : nullptr;
  if (made == nullptr || functions.replaces_new()) return std::nullopt;
  const clang::QualType owned = type_argument(*made, 0);
  if (const auto* array = owned.isNull() ? nullptr : context.getAsArrayType(owned))
    return counted(AllocationForm::unique_array, array->getElementType(), call.getArg(0), true, functions);
  return counted(AllocationForm::unique_object, owned, nullptr, false, functions);
}

std::optional<Request> request_of_new(const clang::CXXNewExpr& expression, const Functions& functions) {
  const clang::FunctionDecl* allocator = expression.getOperatorNew();
  if (functions.replaces_new() || allocator == nullptr || !allocator->isReplaceableGlobalAllocationFunction() ||
      expression.getNumPlacementArgs() > 0)
    return std::nullopt;
  if (!expression.isArray())
    return counted(AllocationForm::new_object, expression.getAllocatedType(), nullptr, false, functions);
  const std::optional<const clang::Expr*> count = expression.getArraySize();
  if (!count || *count == nullptr) return std::nullopt;
  return counted(AllocationForm::new_array, expression.getAllocatedType(), *count, expression.hasInitializer(),
                 functions);
}

std::optional<Request> request_of_construction(const clang::CXXConstructExpr& construction,
                                               const Functions& functions) {
  const clang::QualType type = construction.getType();
  if (functions.replaces_new()) return std::nullopt;
  if (const auto* pointer = as_standard(type, "unique_ptr"); pointer != nullptr && construction.getNumArgs() >= 1) {
    const auto* made = llvm::dyn_cast<clang::CXXNewExpr>(&bare(*construction.getArg(0)));
    if (made == nullptr) return request_of(*construction.getArg(0), functions);
    std::optional<Request> request = request_of_new(*made, functions);
    if (!request) return std::nullopt;
    // A base's pointer would slice it.
    const clang::QualType owned = type_argument(*pointer, 0);
    const clang::ASTContext& context = functions.context();
    const auto* array = owned.isNull() ? nullptr : context.getAsArrayType(owned);
    const clang::QualType element = array == nullptr ? owned : array->getElementType();
    if (element.isNull() || !context.hasSameUnqualifiedType(element, request->element)) return std::nullopt;
    request->form = array == nullptr ? AllocationForm::unique_object : AllocationForm::unique_array;
    return request;
  }
  const auto form = growing_form(type);
  if (!form) return std::nullopt;
  const clang::QualType element = element_type(type);
  if (element.isNull() || element->isBooleanType()) return std::nullopt;
  const clang::CXXConstructorDecl* constructor = construction.getConstructor();
  if (construction.getNumArgs() == 0 || constructor->getNumParams() == 0 ||
      !constructor->getParamDecl(0)->getType()->isUnsignedIntegerType())
    return std::nullopt;
  const bool filled = construction.getNumArgs() > 1 && !llvm::isa<clang::CXXDefaultArgExpr>(construction.getArg(1));
  Request request = counted(*form, element, construction.getArg(0), !filled, functions);
  if (form == AllocationForm::string && (!request.bytes || *request.bytes <= small_string_bytes(functions.context())))
    return std::nullopt;
  return request;
}

}  // namespace

std::optional<AllocationForm> growing_form(clang::QualType type) {
  if (is_vector(type)) return AllocationForm::vector;
  if (is_string(type)) return AllocationForm::string;
  return as_standard(type, "deque") != nullptr ? std::optional(AllocationForm::deque) : std::nullopt;
}

std::optional<Request> request_of(const clang::Expr& expression, const Functions& functions) {
  const clang::Expr& inner = bare(expression);
  if (const auto* call = llvm::dyn_cast<clang::CallExpr>(&inner)) return request_of_call(*call, functions);
  if (const auto* made = llvm::dyn_cast<clang::CXXNewExpr>(&inner)) return request_of_new(*made, functions);
  if (const auto* construction = llvm::dyn_cast<clang::CXXConstructExpr>(&inner))
    return request_of_construction(*construction, functions);
  return std::nullopt;
}

}  // namespace wml::extract
