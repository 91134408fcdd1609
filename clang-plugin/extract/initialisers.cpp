#include "extract/initialisers.h"

#include <algorithm>

#include "clang/AST/DynamicRecursiveASTVisitor.h"
#include "clang/AST/ExprCXX.h"
#include "extract/records.h"
#include "extract/users_declarations.h"
#include "llvm/ADT/DenseSet.h"

namespace wml::extract {
namespace {

/// Whether the order in which it is evaluated can be told from outside. Making a container is not such an effect.
bool has_effects(const clang::Expr* expression, const clang::ASTContext& context) {
  expression = expression->IgnoreImplicit();
  if (const auto* made = llvm::dyn_cast<clang::CXXConstructExpr>(expression); made && is_order_free(made->getType())) {
    return std::any_of(made->arg_begin(), made->arg_end(),
                       [&](const clang::Expr* argument) { return has_effects(argument, context); });
  }
  if (const auto* list = llvm::dyn_cast<clang::InitListExpr>(expression)) {
    return std::any_of(list->begin(), list->end(), [&](const clang::Stmt* element) {
      const auto* inner = llvm::dyn_cast<clang::Expr>(element);
      return inner == nullptr || has_effects(inner, context);
    });
  }
  return expression->HasSideEffects(context);
}

class Initialisers : public clang::DynamicRecursiveASTVisitor {
public:
  Initialisers(clang::ASTContext& context, const Places& places, const KnownRecords& records)
      : context_(context), places_(places), records_(records) {
    ShouldVisitTemplateInstantiations = true;
    ShouldVisitImplicitCode = true;  // lists whose braces are left out exist in the semantic form only
  }

  bool TraverseFunctionDecl(clang::FunctionDecl* function) override {
    const bool outer = in_instantiation_;
    in_instantiation_ = outer || function->isTemplateInstantiation();
    const bool going = clang::DynamicRecursiveASTVisitor::TraverseFunctionDecl(function);
    in_instantiation_ = outer;
    return going;
  }

  bool VisitInitListExpr(clang::InitListExpr* list) override {
    if (clang::InitListExpr* semantic = list->getSemanticForm()) list = semantic;
    if (!list->isSemanticForm() || !seen_.insert(list).second) return true;
    clang::RecordDecl* record = list->getType()->getAsRecordDecl();
    RecordFact* fact = records_.of(record);
    if (fact == nullptr || record->isUnion()) return true;
    const clang::InitListExpr* written = list->getSyntacticForm() != nullptr ? list->getSyntacticForm() : list;
    if (written->getNumInits() == 0 || is_zero_idiom(*written)) return true;
    const std::optional<InitialiserFact> read = read_list(*record->getDefinition(), *list, *written);
    if (read) fact->initialisers.push_back(*read);
    return true;
  }

  bool VisitCXXParenListInitExpr(clang::CXXParenListInitExpr* list) override {
    RecordFact* fact = records_.of(list->getType());
    // How its elements are told from defaults is not kept: by position, and not rewritten.
    if (fact == nullptr || list->getUserSpecifiedInitExprs().empty()) return true;
    InitialiserFact initialiser{InitialiserKind::positional, places_.of(list->getBeginLoc()), false, {}};
    fact->initialisers.push_back(std::move(initialiser));
    return true;
  }

  bool VisitCXXConstructorDecl(clang::CXXConstructorDecl* constructor) override {
    RecordFact* fact = records_.of(constructor->getParent());
    if (fact == nullptr || constructor->isImplicit()) return true;
    InitialiserFact list{InitialiserKind::constructor,
                         places_.of(constructor->getLocation()),
                         !in_instantiation_ && !constructor->isTemplateInstantiation(),
                         {}};
    unsigned effects = 0;
    for (const clang::CXXCtorInitializer* initialiser : constructor->inits()) {
      if (!initialiser->isWritten() || !initialiser->isMemberInitializer()) continue;
      const auto text = places_.text(initialiser->getSourceRange());
      list.rewritable = list.rewritable && text;
      effects += has_effects(initialiser->getInit(), context_) ? 1 : 0;
      list.elements.push_back({initialiser->getMember()->getFieldIndex(), text.value_or(SourceText{})});
    }
    // Members are initialised in the order of their declaration, whatever the order that is written.
    if (effects > 1) records_.add_hazard(fact, HazardKind::destruction_order, constructor->getLocation());
    std::ranges::sort(list.elements, {}, [](const InitialiserElement& element) { return element.extent.offset; });
    if (list.elements.size() > 1) fact->initialisers.push_back(std::move(list));
    return true;
  }

private:
  /// {0} sets everything to zero, whatever comes first.
  bool is_zero_idiom(const clang::InitListExpr& written) const {
    if (written.getNumInits() != 1) return false;
    const auto* number = llvm::dyn_cast<clang::IntegerLiteral>(written.getInit(0)->IgnoreParenImpCasts());
    return number != nullptr && number->getValue().isZero();
  }

  std::optional<InitialiserFact> read_list(const clang::RecordDecl& record, const clang::InitListExpr& list,
                                           const clang::InitListExpr& written) const {
    InitialiserFact fact{InitialiserKind::positional, places_.of(written.getBeginLoc()), !in_instantiation_, {}};
    const bool designated = std::all_of(written.begin(), written.end(), llvm::IsaPred<clang::DesignatedInitExpr>);
    if (designated && !context_.getLangOpts().CPlusPlus) return std::nullopt;  // in C any order will do
    if (designated) fact.kind = InitialiserKind::designated;
    std::vector<const clang::FieldDecl*> fields;
    for (const clang::FieldDecl* field : record.fields()) {
      if (!field->isUnnamedBitField()) fields.push_back(field);
    }
    if (const auto* cxx = llvm::dyn_cast<clang::CXXRecordDecl>(&record); cxx != nullptr && cxx->getNumBases() > 0)
      fact.rewritable = false;
    if (written.getNumInits() > fields.size() || written.getLBraceLoc().isInvalid() || elides_braces(list))
      fact.rewritable = false;
    unsigned effects = 0;
    for (unsigned i = 0; i < written.getNumInits(); ++i) {
      const clang::Expr* element = written.getInit(i);
      const clang::FieldDecl* field = i < fields.size() ? fields[i] : nullptr;
      if (const auto* named = llvm::dyn_cast<clang::DesignatedInitExpr>(element)) {
        const bool plain = named->size() == 1 && named->getDesignator(0)->isFieldDesignator();
        field = plain ? named->getDesignator(0)->getFieldDecl() : nullptr;
        fact.rewritable = fact.rewritable && plain && designated;
        effects += has_effects(named->getInit(), context_) ? 1 : 0;
      } else {
        fact.rewritable = fact.rewritable && !designated;
        effects += has_effects(element, context_) ? 1 : 0;
      }
      const auto text = places_.text(element->getSourceRange());
      fact.rewritable = fact.rewritable && text && field != nullptr && field->getParent() == &record;
      if (field != nullptr) fact.elements.push_back({field->getFieldIndex(), text.value_or(SourceText{})});
    }
    if (effects > 1) fact.rewritable = false;
    return fact;
  }

  /// Whether an inner record or array is initialised by elements of this list.
  static bool elides_braces(const clang::InitListExpr& list) {
    return std::any_of(list.begin(), list.end(), [](const clang::Stmt* element) {
      const auto* inner = llvm::dyn_cast_or_null<clang::InitListExpr>(element);
      return inner != nullptr && inner->getLBraceLoc().isInvalid();
    });
  }

  clang::ASTContext& context_;
  const Places& places_;
  const KnownRecords& records_;
  bool in_instantiation_ = false;
  llvm::DenseSet<const clang::InitListExpr*> seen_;
};

}  // namespace

void add_initialisers(clang::ASTContext& context, const Places& places, const KnownRecords& records) {
  Initialisers initialisers(context, places, records);
  for (clang::Decl* declaration : users_declarations(context, places)) initialisers.TraverseDecl(declaration);
}

}  // namespace wml::extract
