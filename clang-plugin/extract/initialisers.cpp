#include "extract/initialisers.h"

#include <algorithm>

#include "clang/AST/DeclTemplate.h"
#include "clang/AST/DynamicRecursiveASTVisitor.h"
#include "clang/AST/ExprCXX.h"
#include "extract/evaluation.h"
#include "extract/list_text.h"
#include "llvm/ADT/DenseMap.h"

// Lists of the user's code, and those that libraries make of what they are given: `rows.emplace_back(1, 2.5)` ends in
// std::construct_at, which initialises by position. Of libraries only what templates were made into is walked.

namespace wml::extract {
namespace {

enum class Code : std::uint8_t { users, libraries };

/// The list with braces that a list stands in, itself or one around it.
struct BracedList {
  clang::SourceLocation brace;
  bool has_designators = false;
};

/// Whether an initialiser reads the variable that it initialises. Its address alone is not read, where no function is
/// given it.
class ReadsItself : public clang::DynamicRecursiveASTVisitor {
public:
  explicit ReadsItself(const clang::VarDecl& variable) : variable_(variable) {}

  bool TraverseUnaryOperator(clang::UnaryOperator* expression) override {
    if (expression->getOpcode() == clang::UO_AddrOf && calls_ == 0) return true;
    return clang::DynamicRecursiveASTVisitor::TraverseUnaryOperator(expression);
  }

  bool TraverseStmt(clang::Stmt* statement) override {
    const bool call = llvm::isa_and_nonnull<clang::CallExpr, clang::CXXConstructExpr>(statement);
    calls_ += call ? 1 : 0;
    const bool going = clang::DynamicRecursiveASTVisitor::TraverseStmt(statement);
    calls_ -= call ? 1 : 0;
    return going;
  }

  bool VisitDeclRefExpr(clang::DeclRefExpr* name) override {
    found = found || name->getDecl()->getCanonicalDecl() == variable_.getCanonicalDecl();
    return !found;
  }

  bool found = false;

private:
  const clang::VarDecl& variable_;
  int calls_ = 0;
};

bool is_list(const clang::Expr& initialiser) {
  return llvm::isa<clang::InitListExpr, clang::CXXParenListInitExpr>(initialiser.IgnoreImplicit());
}

class Initialisers {
public:
  Initialisers(clang::ASTContext& context, const Places& places, const KnownRecords& records, Code code)
      : context_(context), places_(places), records_(records), code_(code) {}

  void see(const InitialiserNodes& nodes) {
    for (const auto& [list, in_instance] : nodes.lists) see(*list, in_instance);
    for (const auto& [list, in_instance] : nodes.paren_lists) see(*list);
    for (const auto& [constructor, in_instance] : nodes.constructors) see(*constructor, in_instance);
    for (const clang::VarDecl* variable : nodes.variables) see(*variable);
  }

private:
  void see(const clang::InitListExpr& list, bool in_instance) {
    const clang::InitListExpr* written = list.getSyntacticForm() != nullptr ? list.getSyntacticForm() : &list;
    note_braces(list, *written);
    const clang::RecordDecl* record = list.getType()->getAsRecordDecl();
    RecordFact* fact = records_.of(record);
    if (fact == nullptr || record->isUnion() || list.isTransparent()) return;
    record = record->getDefinition();
    add_construction(*fact, list.getBeginLoc(), *record, list.inits());
    if (written->getNumInits() == 0 || is_zero_idiom(*record, *written)) return;
    std::optional<InitialiserFact> read = read_list(*record, list, *written, in_instance);
    if (!read) return;
    if (code_ == Code::libraries) read->where = fact->where;
    fact->initialisers.push_back(*std::move(read));
  }

  void see(const clang::CXXParenListInitExpr& list) {
    const clang::RecordDecl* record = list.getType()->getAsRecordDecl();
    RecordFact* fact = records_.of(record);
    if (fact == nullptr) return;
    add_construction(*fact, list.getBeginLoc(), *record->getDefinition(), list.getInitExprs());
    if (list.getUserSpecifiedInitExprs().empty()) return;
    // How its elements are told from defaults is not kept: by position, and not rewritten.
    InitialiserFact initialiser{InitialiserKind::positional, place_of(*fact, list.getBeginLoc()), false, {}};
    fact->initialisers.push_back(std::move(initialiser));
  }

  void see(const clang::CXXConstructorDecl& constructor, bool in_instance) {
    RecordFact* fact = records_.of(constructor.getParent());
    if (fact == nullptr || !constructor.doesThisDeclarationHaveABody()) return;
    add_construction(*fact, constructor.getLocation(), evaluations_of(constructor, context_));
    for (const clang::CXXCtorInitializer* initialiser : constructor.inits()) {
      // A list for a member may read members of that member.
      const clang::FieldDecl* member = initialiser->getAnyMember();
      if (member != nullptr && is_list(*initialiser->getInit()) && uses_this(initialiser->getInit()))
        records_.add_hazard(records_.of(member->getType()), HazardKind::initialiser_order,
                            initialiser->getSourceLocation(), member->getNameAsString());
    }
    // What a template is made into has no texts of its own, and is not changed for that reason.
    const auto from_template = [](const Hazard& hazard) { return hazard.kind == HazardKind::template_record; };
    if (constructor.isImplicit() || std::ranges::any_of(fact->hazards, from_template)) return;
    InitialiserFact list = read_constructor(constructor, in_instance);
    if (list.elements.size() > 1) fact->initialisers.push_back(std::move(list));
  }

  void see(const clang::VarDecl& variable) {
    RecordFact* fact = records_.of(variable.getType());
    if (fact == nullptr || variable.getInit() == nullptr) return;
    ReadsItself reads(variable);
    reads.TraverseStmt(const_cast<clang::Expr*>(variable.getInit()));
    if (reads.found)
      records_.add_hazard(fact, HazardKind::initialiser_order, variable.getLocation(), variable.getNameAsString());
  }

  SourceLocation place_of(const RecordFact& fact, clang::SourceLocation location) const {
    return code_ == Code::libraries ? fact.where : places_.of(location);
  }

  void add_construction(RecordFact& fact, clang::SourceLocation where, std::vector<FieldEvaluation> fields) const {
    const auto matters = [](const FieldEvaluation& field) { return field.effects || !field.takes.empty(); };
    if (fields.size() < 2 || std::ranges::none_of(fields, matters)) return;
    fact.constructions.push_back({place_of(fact, where), std::move(fields)});
  }

  template <class Elements>
  void add_construction(RecordFact& fact, clang::SourceLocation where, const clang::RecordDecl& record,
                        const Elements& elements) const {
    const std::vector<const clang::Expr*> all(elements.begin(), elements.end());
    add_construction(fact, where, evaluations_of(record, all, context_));
  }

  /// Lists whose braces are left out are given those that they stand in. Lists are visited before what they hold.
  void note_braces(const clang::InitListExpr& list, const clang::InitListExpr& written) {
    if (is_brace(written.getLBraceLoc(), places_)) {
      const bool designators = std::any_of(written.begin(), written.end(), llvm::IsaPred<clang::DesignatedInitExpr>);
      braces_[&list] = {written.getLBraceLoc(), designators};
    }
    const auto around = braces_.find(&list);
    if (around == braces_.end()) return;
    const BracedList braced = around->second;
    for (const clang::Stmt* element : list) {
      if (const auto* inner = elided(element)) braces_[inner] = braced;
    }
  }

  /// An inner list that consists of elements of the list that it stands in.
  const clang::InitListExpr* elided(const clang::Stmt* element) const {
    const auto* inner = llvm::dyn_cast_or_null<clang::InitListExpr>(element);
    if (inner == nullptr || inner->getSyntacticForm() != nullptr || inner->getBeginLoc().isInvalid()) return nullptr;
    return is_brace(inner->getLBraceLoc(), places_) ? nullptr : inner;
  }

  /// {0} sets everything to zero, whatever comes first.
  bool is_zero_idiom(const clang::RecordDecl& record, const clang::InitListExpr& written) const {
    if (written.getNumInits() != 1) return false;
    if (!std::ranges::all_of(record.fields(),
                             [this](const clang::FieldDecl* field) { return is_zero_by_default(*field); }))
      return false;
    const auto* number = llvm::dyn_cast<clang::IntegerLiteral>(written.getInit(0)->IgnoreParenImpCasts());
    return number != nullptr && number->getValue().isZero();
  }

  bool is_zero_by_default(const clang::FieldDecl& field) const {
    const auto* record = field.getType()->getBaseElementTypeUnsafe()->getAsCXXRecordDecl();
    if (record != nullptr && !record->hasTrivialDefaultConstructor()) return false;
    if (!field.hasInClassInitializer()) return true;
    clang::Expr::EvalResult result;
    const clang::Expr* initialiser = field.getInClassInitializer();
    if (initialiser == nullptr || !initialiser->EvaluateAsRValue(result, context_)) return false;
    return (result.Val.isInt() && result.Val.getInt().isZero()) ||
           (result.Val.isFloat() && result.Val.getFloat().isPosZero()) ||
           (result.Val.isLValue() && result.Val.isNullPointer());
  }

  InitialiserFact read_constructor(const clang::CXXConstructorDecl& constructor, bool in_instance) const {
    InitialiserFact list{InitialiserKind::constructor, places_.of(constructor.getLocation()), !in_instance, {}};
    for (const clang::CXXCtorInitializer* initialiser : constructor.inits()) {
      const clang::FieldDecl* field = initialised_field(*initialiser);
      if (!initialiser->isWritten() || field == nullptr) continue;
      const auto text = places_.text(initialiser->getSourceRange());
      list.rewritable = list.rewritable && text;
      list.elements.push_back({field->getFieldIndex(), text.value_or(SourceText{})});
    }
    // Members are initialised in the order of their declaration, whatever the order that is written.
    std::ranges::sort(list.elements, {}, [](const InitialiserElement& element) { return element.extent.offset; });
    list.rewritable = list.rewritable && holds_elements_only(constructor.getLocation(), list.elements, places_);
    return list;
  }

  std::optional<InitialiserFact> read_list(const clang::RecordDecl& record, const clang::InitListExpr& list,
                                           const clang::InitListExpr& written, bool in_instance) const {
    InitialiserFact fact{InitialiserKind::positional, places_.of(written.getBeginLoc()), !in_instance, {}};
    const bool designated = std::all_of(written.begin(), written.end(), llvm::IsaPred<clang::DesignatedInitExpr>);
    if (designated && !context_.getLangOpts().CPlusPlus) return std::nullopt;  // in C any order will do
    if (designated) fact.kind = InitialiserKind::designated;
    std::vector<const clang::FieldDecl*> fields;
    for (const clang::FieldDecl* field : record.fields()) {
      if (!field->isUnnamedBitField()) fields.push_back(field);
    }
    const auto* cxx = llvm::dyn_cast<clang::CXXRecordDecl>(&record);
    const auto around = braces_.find(&list);
    if ((cxx != nullptr && cxx->getNumBases() > 0) || written.getNumInits() > fields.size() ||
        around == braces_.end() || (around->second.has_designators && !designated) || elides_braces(list))
      fact.rewritable = false;
    for (unsigned i = 0; i < written.getNumInits(); ++i) {
      const clang::Expr* element = written.getInit(i);
      const clang::FieldDecl* field = i < fields.size() ? fields[i] : nullptr;
      if (const auto* named = llvm::dyn_cast<clang::DesignatedInitExpr>(element)) {
        const bool plain = named->size() == 1 && named->getDesignator(0)->isFieldDesignator();
        field = plain ? named->getDesignator(0)->getFieldDecl() : nullptr;
        fact.rewritable = fact.rewritable && plain && designated;
      }
      const auto text = places_.text(element->getSourceRange());
      fact.rewritable = fact.rewritable && text && field != nullptr && field->getParent() == &record;
      if (field != nullptr) fact.elements.push_back({field->getFieldIndex(), text.value_or(SourceText{})});
    }
    fact.rewritable = fact.rewritable && holds_elements_only(around->second.brace, fact.elements, places_);
    return fact;
  }

  /// Whether an inner record or array is initialised by elements of this list.
  bool elides_braces(const clang::InitListExpr& list) const {
    return std::any_of(list.begin(), list.end(),
                       [this](const clang::Stmt* element) { return elided(element) != nullptr; });
  }

  clang::ASTContext& context_;
  const Places& places_;
  const KnownRecords& records_;
  Code code_;
  llvm::DenseMap<const clang::InitListExpr*, BracedList> braces_;
};

}  // namespace

void add_initialisers(clang::ASTContext& context, const Places& places, const UnitNodes& nodes,
                      const KnownRecords& records) {
  Initialisers(context, places, records, Code::users).see(nodes);
  Initialisers(context, places, records, Code::libraries).see(collect_library_initialisers(context, places));
}

}  // namespace wml::extract
