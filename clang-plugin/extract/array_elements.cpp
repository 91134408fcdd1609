#include "extract/array_elements.h"

#include "clang/AST/DeclTemplate.h"

namespace wml::extract {
namespace {

/// std::array<T, N> is N of T.
const clang::ClassTemplateSpecializationDecl* as_std_array(clang::QualType type) {
  const auto* made = llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(type->getAsCXXRecordDecl());
  const bool is_array =
      made != nullptr && made->isInStdNamespace() && made->getName() == "array" && made->getTemplateArgs().size() == 2;
  return is_array ? made : nullptr;
}

}  // namespace

ArrayElements elements_of(clang::QualType type, const clang::ASTContext& context) {
  ArrayElements elements{type, 1};
  const auto multiply = [&](std::uint64_t by) {
    elements.count = elements.count ? std::optional(*elements.count * by) : std::nullopt;
  };
  while (!elements.type->isDependentType()) {
    if (const clang::ArrayType* array = context.getAsArrayType(elements.type)) {
      const auto* fixed = llvm::dyn_cast<clang::ConstantArrayType>(array);
      if (fixed == nullptr) {
        elements.count = std::nullopt;
      } else {
        multiply(fixed->getSize().getZExtValue());
      }
      elements.type = array->getElementType();
    } else if (const auto* made = as_std_array(elements.type)) {
      multiply(made->getTemplateArgs()[1].getAsIntegral().getZExtValue());
      elements.type = made->getTemplateArgs()[0].getAsType();
    } else {
      break;
    }
  }
  return elements;
}

}  // namespace wml::extract
