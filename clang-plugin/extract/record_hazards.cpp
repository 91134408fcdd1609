#include "extract/record_hazards.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclFriend.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "extract/evaluation.h"

namespace wml::extract {
namespace {

bool is_atomic(clang::QualType type) {
  if (type->isAtomicType()) return true;
  const clang::CXXRecordDecl* record = type->getBaseElementTypeUnsafe()->getAsCXXRecordDecl();
  return record != nullptr && record->isInStdNamespace() && record->getIdentifier() != nullptr &&
         record->getName().starts_with("atomic");
}

/// Whether a member is volatile, or holds one that is.
bool holds_volatile(clang::QualType type) {
  llvm::SmallVector<clang::QualType, 8> open = {type};
  while (!open.empty()) {
    const clang::QualType at = open.pop_back_val().getCanonicalType();
    const clang::ArrayType* array = at->getAsArrayTypeUnsafe();
    if (at.isVolatileQualified()) return true;
    if (array != nullptr) open.push_back(array->getElementType());
    const clang::RecordDecl* record = at->getAsRecordDecl();
    if (record == nullptr || !record->isCompleteDefinition()) continue;
    for (const clang::FieldDecl* field : record->fields()) open.push_back(field->getType());
  }
  return false;
}

class DeclaredHazards {
public:
  DeclaredHazards(const clang::RecordDecl& record, const clang::ASTContext& context, const Places& places,
                  RecordFact& fact)
      : record_(record), context_(context), places_(places), fact_(fact) {}

  void add() {
    if (record_.isUnion()) add(HazardKind::union_type);
    if (record_.hasAttr<clang::PackedAttr>() || record_.hasAttr<clang::MaxFieldAlignmentAttr>())
      add(HazardKind::packed);
    if (record_.hasAttr<clang::AlignedAttr>()) add(HazardKind::over_aligned);
    if (record_.getBraceRange().getBegin().isMacroID()) add(HazardKind::macro_inside);
    if (fact_.where.file.find("/include/") != std::string::npos && !fact_.all_uses_seen) add(HazardKind::public_header);
    std::size_t i = 0;
    for (const clang::FieldDecl* field : record_.fields()) add_field(*field, fact_.fields[i++]);
    if (const auto* cxx = llvm::dyn_cast<clang::CXXRecordDecl>(&record_)) add_cxx(*cxx);
  }

private:
  void add(HazardKind kind, clang::SourceLocation where = {}, const std::string& what = {}) {
    fact_.hazards.push_back({kind, where.isValid() ? places_.of(where) : fact_.where, what});
  }

  void add_field(const clang::FieldDecl& field, FieldFact& fact) {
    const clang::SourceLocation where = field.getLocation();
    const bool is_last = &fact == &fact_.fields.back();
    if (field.hasAttr<clang::PackedAttr>()) add(HazardKind::packed, where, fact.name);
    if (field.hasAttr<clang::AlignedAttr>()) add(HazardKind::over_aligned, where, fact.name);
    if (holds_volatile(field.getType())) add(HazardKind::volatile_member, where, fact.name);
    if (is_atomic(field.getType())) add(HazardKind::atomic_member, where, fact.name);
    if (field.isPotentiallyOverlapping() && fact.data_bytes <= 1) add(HazardKind::empty_member, where, fact.name);
    if (field.getBeginLoc().isMacroID() || where.isMacroID()) add(HazardKind::macro_inside, where, fact.name);
    if (is_last && is_flexible(field)) {
      fact.pinned = true;
      add(HazardKind::flexible_array, where, fact.name);
    }
    if (field.hasInClassInitializer() && uses_this(field.getInClassInitializer()))
      add(HazardKind::initialiser_order, where, fact.name);
    if (field.hasInClassInitializer() && fact.is_bool && !context_.getLangOpts().CPlusPlus20)
      add(HazardKind::default_initialiser, where, fact.name);
  }

  /// [], [0], and the older [1] at the end of a record, which is often allocated larger.
  bool is_flexible(const clang::FieldDecl& field) const {
    if (record_.hasFlexibleArrayMember() || field.getType()->isIncompleteArrayType()) return true;
    const auto* array = context_.getAsConstantArrayType(field.getType());
    return array != nullptr && array->getSize().ule(1);
  }

  void add_cxx(const clang::CXXRecordDecl& record) {
    if (record.getNumVBases() > 0) add(HazardKind::virtual_base);
    if (record.getTemplateSpecializationKind() != clang::TSK_Undeclared || is_inside_instantiation(record))
      add(HazardKind::template_record);
    if (empty_subobjects_may_meet(record)) add(HazardKind::empty_member);
    for (const clang::Decl* member : record.decls()) {
      if (const auto* befriended = llvm::dyn_cast<clang::FriendDecl>(member)) {
        add_comparison(befriended->getFriendDecl());
      } else {
        add_comparison(member);
      }
    }
    for (const clang::CXXConstructorDecl* constructor : record.ctors()) add_constructor(*constructor);
  }

  static bool is_inside_instantiation(const clang::CXXRecordDecl& record) {
    for (const clang::DeclContext* at = record.getDeclContext(); at != nullptr; at = at->getParent()) {
      const auto* outer = llvm::dyn_cast<clang::CXXRecordDecl>(at);
      if (outer != nullptr && outer->getTemplateSpecializationKind() != clang::TSK_Undeclared) return true;
      const auto* function = llvm::dyn_cast<clang::FunctionDecl>(at);
      if (function != nullptr && function->isTemplateInstantiation()) return true;
    }
    return false;
  }

  void add_comparison(const clang::Decl* member) {
    const auto* function = llvm::dyn_cast_or_null<clang::FunctionDecl>(member);
    if (function == nullptr || !function->isDefaulted()) return;
    switch (function->getOverloadedOperator()) {
      case clang::OO_Spaceship:
      case clang::OO_Less:
      case clang::OO_Greater:
      case clang::OO_LessEqual:
      case clang::OO_GreaterEqual: add(HazardKind::defaulted_comparison, function->getLocation()); return;
      default: return;
    }
  }

  void add_constructor(const clang::CXXConstructorDecl& constructor) {
    const clang::FunctionDecl* definition = nullptr;
    if (constructor.isImplicit() || !constructor.hasBody(definition)) return;
    const auto* body = llvm::cast<clang::CXXConstructorDecl>(definition);
    for (const clang::CXXCtorInitializer* initialiser : body->inits()) {
      if (!initialiser->isWritten() || !initialiser->isAnyMemberInitializer()) continue;
      if (uses_this(initialiser->getInit()))
        add(HazardKind::initialiser_order, initialiser->getSourceLocation(),
            initialiser->getAnyMember()->getNameAsString());
    }
  }

  /// Two empty subobjects of one type must not share an address: with empty bases, or with empty members inside
  /// members, moving a field can cost a byte that placing one field behind the other does not show.
  static bool empty_subobjects_may_meet(const clang::CXXRecordDecl& record) {
    bool has_empty = false, may_meet = false;
    for (const clang::CXXBaseSpecifier& base : record.bases()) {
      const clang::CXXRecordDecl* parent = base.getType()->getAsCXXRecordDecl();
      has_empty = has_empty || (parent != nullptr && parent->hasDefinition() && parent->isEmpty());
    }
    for (const clang::FieldDecl* field : record.fields()) {
      const clang::CXXRecordDecl* type = field->getType()->getBaseElementTypeUnsafe()->getAsCXXRecordDecl();
      if (type == nullptr || !type->hasDefinition() || type->isInStdNamespace()) continue;
      may_meet = may_meet || type->isEmpty() || type->getNumBases() > 0;
    }
    return has_empty && may_meet;
  }

  const clang::RecordDecl& record_;
  const clang::ASTContext& context_;
  const Places& places_;
  RecordFact& fact_;
};

}  // namespace

void add_declared_hazards(const clang::RecordDecl& record, const clang::ASTContext& context, const Places& places,
                          RecordFact& fact) {
  DeclaredHazards(record, context, places, fact).add();
}

}  // namespace wml::extract
