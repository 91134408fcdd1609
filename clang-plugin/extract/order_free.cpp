#include "extract/order_free.h"

#include <algorithm>

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace wml::extract {
namespace {

class OrderFree {
public:
  bool holds_for(clang::QualType type) {
    const clang::QualType element = type->getBaseElementTypeUnsafe()->getCanonicalTypeInternal();
    const clang::CXXRecordDecl* record = element->getAsCXXRecordDecl();
    if (record == nullptr || !record->hasDefinition()) return true;
    // A node that holds a container of nodes: what is asked already need not be asked again.
    if (!asked_.insert(record->getCanonicalDecl()).second) return true;
    if (record->hasTrivialDestructor() && record->hasTrivialDefaultConstructor() &&
        !record->hasNonTrivialCopyConstructor() && !record->hasNonTrivialMoveConstructor())
      return true;
    return record->isInStdNamespace() ? holds_for_container(*record) : holds_for_members(*record);
  }

private:
  /// What only runs the code of its members is as harmless as they are.
  bool holds_for_members(const clang::CXXRecordDecl& record) {
    if (record.hasUserDeclaredConstructor() || record.hasUserDeclaredDestructor()) return false;
    const auto is_free = [&](const clang::FieldDecl* field) {
      const clang::Expr* initialiser = field->getInClassInitializer();
      return holds_for(field->getType()) &&
             (initialiser == nullptr || holds_for_initialiser(*initialiser, record.getASTContext()));
    };
    return std::ranges::all_of(record.fields(), is_free) &&
           std::ranges::all_of(record.bases(), [this](const auto& base) { return holds_for(base.getType()); });
  }

  bool holds_for_container(const clang::CXXRecordDecl& record) {
    static constexpr llvm::StringRef kContainers[] = {
        "basic_string",  "vector",   "deque",    "list",      "forward_list",
        "map",           "set",      "multimap", "multiset",  "unordered_map",
        "unordered_set", "optional", "pair",     "tuple",     "array",
        "variant",       "span",     "less",     "allocator", "basic_string_view",
        "char_traits",   "hash",     "equal_to", "chrono",    "complex"};
    const auto* made = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(&record);
    if (made == nullptr || !llvm::is_contained(kContainers, record.getName())) return false;
    return std::ranges::all_of(made->getTemplateArgs().asArray(),
                               [this](const auto& argument) { return holds_for_argument(argument); });
  }

  bool holds_for_argument(const clang::TemplateArgument& argument) {
    if (argument.getKind() == clang::TemplateArgument::Type) return holds_for(argument.getAsType());
    if (argument.getKind() != clang::TemplateArgument::Pack) return true;
    return std::ranges::all_of(argument.pack_elements(), [this](const auto& one) { return holds_for_argument(one); });
  }

  /// Of a member in its class: making a container is no effect, any other call may be one.
  bool holds_for_initialiser(const clang::Expr& initialiser, const clang::ASTContext& context) {
    const clang::Expr* expression = initialiser.IgnoreImplicit();
    const auto is_free = [&](const clang::Stmt* part) {
      const auto* inner = llvm::dyn_cast_or_null<clang::Expr>(part);
      return inner != nullptr && holds_for_initialiser(*inner, context);
    };
    if (const auto* made = llvm::dyn_cast<clang::CXXConstructExpr>(expression); made && holds_for(made->getType()))
      return std::all_of(made->arg_begin(), made->arg_end(), is_free);
    if (const auto* list = llvm::dyn_cast<clang::InitListExpr>(expression))
      return std::all_of(list->begin(), list->end(), is_free);
    return !expression->HasSideEffects(context);
  }

  llvm::SmallPtrSet<const clang::CXXRecordDecl*, 8> asked_;
};

}  // namespace

bool is_order_free(clang::QualType type) { return OrderFree().holds_for(type); }

}  // namespace wml::extract
