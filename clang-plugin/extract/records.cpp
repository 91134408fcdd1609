#include "extract/records.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/RecordLayout.h"
#include "clang/Basic/TargetInfo.h"
#include "clang/Index/USRGeneration.h"
#include "extract/array_elements.h"
#include "extract/enums.h"
#include "extract/field_texts.h"
#include "extract/order_free.h"
#include "extract/record_hazards.h"

namespace wml::extract {
namespace {

std::uint64_t bytes(clang::CharUnits units) { return static_cast<std::uint64_t>(units.getQuantity()); }

/// Where the first field may lie: behind the pointer to the vtable and the bases.
std::uint64_t start_of_fields(const clang::RecordDecl& record, const clang::ASTContext& context) {
  const auto* cxx = llvm::dyn_cast<clang::CXXRecordDecl>(&record);
  if (cxx == nullptr) return 0;
  const clang::ASTRecordLayout& layout = context.getASTRecordLayout(cxx);
  std::uint64_t start = 0;
  if (layout.hasOwnVFPtr()) start = context.getTargetInfo().getPointerWidth(clang::LangAS::Default) / 8;
  for (const clang::CXXBaseSpecifier& base : cxx->bases()) {
    const clang::CXXRecordDecl* parent = base.getType()->getAsCXXRecordDecl();
    if (parent == nullptr || base.isVirtual() || parent->isEmpty()) continue;
    const clang::ASTRecordLayout& own = context.getASTRecordLayout(parent);
    start = std::max(start, bytes(layout.getBaseClassOffset(parent) + own.getNonVirtualSize()));
  }
  return start;
}

/// What a member with [[no_unique_address]] keeps others out of.
std::uint64_t data_bytes_of(const clang::FieldDecl& field, std::uint64_t all, const clang::ASTContext& context) {
  if (!field.isPotentiallyOverlapping()) return all;
  const auto* record = field.getType()->getAsCXXRecordDecl();
  if (record == nullptr) return all;
  const clang::ASTRecordLayout& layout = context.getASTRecordLayout(record);
  return bytes(std::max(layout.getNonVirtualSize(), layout.getDataSize()));
}

/// Fields with no access specifier between them share a number.
std::map<const clang::Decl*, std::uint32_t> access_runs(const clang::RecordDecl& record) {
  std::map<const clang::Decl*, std::uint32_t> runs;
  std::uint32_t run = 0;
  for (const clang::Decl* member : record.decls()) {
    if (llvm::isa<clang::AccessSpecDecl>(member)) ++run;
    if (llvm::isa<clang::FieldDecl>(member)) runs[member] = run;
  }
  return runs;
}

std::string name_of(const clang::RecordDecl& record) {
  const clang::ASTContext& context = record.getASTContext();
  return clang::QualType(context.getCanonicalTagType(&record))
      .getAsString(clang::PrintingPolicy(context.getLangOpts()));
}

std::string usr_of(const clang::RecordDecl& record) {
  llvm::SmallString<128> usr;
  return clang::index::generateUSRForDecl(&record, usr) ? std::string() : usr.str().str();
}

std::string id_of(const std::string& usr, const SourceLocation& where) {
  return usr + "@" + where.file + ":" + std::to_string(where.offset);
}

/// RecordFact::id of what a type is, or is an array of; empty for any other type.
std::string record_id_of(clang::QualType type, const clang::ASTContext& context, const Places& places) {
  const clang::RecordDecl* declaration = elements_of(type, context).type->getAsRecordDecl();
  const clang::RecordDecl* definition = declaration == nullptr ? nullptr : declaration->getDefinition();
  if (definition == nullptr || !is_users_record(*definition, places)) return {};
  return id_of(usr_of(*definition), places.of(definition->getLocation()));
}

FieldFact read_field(const clang::FieldDecl& field, const clang::ASTContext& context, const Places& places) {
  FieldFact fact;
  fact.name = field.getNameAsString();
  fact.type = field.getType().getAsString(clang::PrintingPolicy(context.getLangOpts()));
  fact.where = places.of(field.getLocation());
  fact.offset_bits = context.getFieldOffset(&field);
  const clang::TypeInfoChars info = context.getTypeInfoInChars(field.getType());
  const bool no_size = field.getType()->isIncompleteArrayType();
  fact.bytes = no_size ? 0 : bytes(info.Width);
  fact.align_bytes = bytes(info.Align);
  fact.data_bytes = data_bytes_of(field, fact.bytes, context);
  if (field.isBitField()) fact.bit_width = field.getBitWidthValue();
  fact.is_bool = field.getType()->isBooleanType() && !field.isBitField();
  fact.enum_id = enum_id_of(field.getType(), context, places);
  fact.record_id = record_id_of(field.getType(), context, places);
  fact.ordered = !is_order_free(field.getType());
  if (field.getLocation().isFileID()) {
    fact.name_end = fact.where.offset + field.getName().size();
  }
  return fact;
}

}  // namespace

bool is_users_record(const clang::RecordDecl& record, const Places& places) {
  if (!record.isCompleteDefinition() || record.isInvalidDecl() || record.isDependentType() || record.isImplicit())
    return false;
  const auto* cxx = llvm::dyn_cast<clang::CXXRecordDecl>(&record);
  if (cxx != nullptr && (cxx->isLambda() || cxx->isDependentContext())) return false;
  return places.is_users(record.getLocation());
}

std::optional<RecordFact> read_record(const clang::RecordDecl& record, const clang::ASTContext& context,
                                      const Places& places) {
  for (const clang::FieldDecl* field : record.fields()) {
    if (field->isInvalidDecl() || field->getType()->isDependentType()) return std::nullopt;
  }
  const clang::ASTRecordLayout& layout = context.getASTRecordLayout(&record);
  RecordFact fact;
  fact.name = name_of(record);
  fact.usr = usr_of(record);
  fact.where = places.of(record.getLocation());
  fact.id = id_of(fact.usr, fact.where);
  fact.bytes = bytes(layout.getSize());
  fact.align_bytes = bytes(layout.getAlignment());
  fact.start_bytes = start_of_fields(record, context);
  fact.all_uses_seen = places.sources().isInMainFile(places.sources().getExpansionLoc(record.getLocation()));
  const RecordTexts texts = read_record_texts(record, places);
  const auto runs = access_runs(record);
  for (const clang::FieldDecl* field : record.fields()) {
    FieldFact& added = fact.fields.emplace_back(read_field(*field, context, places));
    added.access_run = runs.at(field);
    if (const auto text = texts.fields.find(field); text != texts.fields.end()) {
      added.extent = text->second.extent;
      added.own_declaration = text->second.alone;
      added.doc_group = text->second.group;
    }
  }
  if (texts.directive) fact.hazards.push_back({HazardKind::directive_inside, fact.where, *texts.directive});
  add_declared_hazards(record, context, places, fact);
  return fact;
}

}  // namespace wml::extract
