#include "extract/enums.h"

#include <algorithm>
#include <limits>

#include "clang/AST/DeclCXX.h"
#include "clang/Index/USRGeneration.h"
#include "clang/Lex/Lexer.h"
#include "extract/array_elements.h"

namespace wml::extract {
namespace {

/// More hazards of one kind than this add nothing.
constexpr std::ptrdiff_t kMostOfOneKind = 16;

std::int64_t saturated(const llvm::APSInt& value) {
  if (value.isUnsigned() && value.getActiveBits() > 63) return std::numeric_limits<std::int64_t>::max();
  return value.getExtValue();
}

std::string name_of(const clang::EnumDecl& definition, const clang::ASTContext& context) {
  const clang::QualType type(context.getCanonicalTagType(&definition));
  return type.getAsString(clang::PrintingPolicy(context.getLangOpts()));
}

std::string id_of(const clang::EnumDecl& definition, const Places& places) {
  llvm::SmallString<128> usr;
  if (clang::index::generateUSRForDecl(&definition, usr)) return {};
  const SourceLocation where = places.of(definition.getLocation());
  return usr.str().str() + "@" + where.file + ":" + std::to_string(where.offset);
}

/// Lines that begin with a #, as the preprocessor's do.
bool has_directives(llvm::StringRef text) {
  while (!text.empty()) {
    const auto [line, rest] = text.split('\n');
    if (line.ltrim(" \t\r").starts_with("#")) return true;
    text = rest;
  }
  return false;
}

/// The type that is written, or the place where one goes: behind the name, or behind `enum` where that is all there is
/// before the brace.
std::optional<SourceText> underlying_text(const clang::EnumDecl& definition, const Places& places) {
  const std::optional<SourceText> body = places.text(definition.getBraceRange());
  if (!body || definition.getLocation().isMacroID() || has_directives(body->text)) return std::nullopt;
  if (definition.getIntegerTypeSourceInfo() != nullptr) return places.text(definition.getIntegerTypeRange());
  const bool named = definition.getIdentifier() != nullptr;
  const clang::SourceLocation last = named ? definition.getLocation() : definition.getBeginLoc();
  const std::optional<SourceText> token = places.text(last);
  if (!token) return std::nullopt;
  const std::uint64_t end = token->offset + token->text.size();
  const clang::SourceManager& sources = places.sources();
  const llvm::StringRef buffer = sources.getBufferData(sources.getFileID(last));
  if (end > body->offset || sources.getFileID(last) != sources.getFileID(definition.getBraceRange().getBegin()))
    return std::nullopt;
  const bool only_spaces = buffer.slice(end, body->offset).trim(" \t\r\n").empty();
  return named || only_spaces ? std::optional(SourceText{end, {}}) : std::nullopt;
}

bool is_public(const EnumFact& fact) {
  return fact.where.file.find("/include/") != std::string::npos && !fact.all_uses_seen;
}

}  // namespace

bool is_users_enum(const clang::EnumDecl& definition, const Places& places) {
  if (!definition.isCompleteDefinition() || definition.isInvalidDecl() || definition.isDependentType()) return false;
  if (definition.enumerators().empty() || definition.getIntegerType().isNull()) return false;
  if (definition.isDependentContext() || definition.getTemplateInstantiationPattern() != nullptr) return false;
  return places.is_users(definition.getLocation());
}

std::string enum_id_of(clang::QualType type, const clang::ASTContext& context, const Places& places) {
  const clang::EnumDecl* declaration = elements_of(type, context).type->getAsEnumDecl();
  const clang::EnumDecl* definition = declaration == nullptr ? nullptr : declaration->getDefinition();
  if (definition == nullptr || !is_users_enum(*definition, places)) return {};
  return id_of(*definition, places);
}

EnumFact read_enum(const clang::EnumDecl& definition, const clang::ASTContext& context, const Places& places) {
  EnumFact fact;
  fact.name = name_of(definition, context);
  fact.id = id_of(definition, places);
  fact.where = places.of(definition.getLocation());
  fact.bytes = static_cast<std::uint64_t>(context.getTypeSizeInChars(definition.getIntegerType()).getQuantity());
  fact.scoped = definition.isScoped();
  fact.lowest = std::numeric_limits<std::int64_t>::max();
  fact.highest = std::numeric_limits<std::int64_t>::min();
  for (const clang::EnumConstantDecl* enumerator : definition.enumerators()) {
    const std::int64_t value = saturated(enumerator->getInitVal());
    fact.lowest = std::min(fact.lowest, value);
    fact.highest = std::max(fact.highest, value);
  }
  fact.underlying = underlying_text(definition, places);
  fact.all_uses_seen = places.sources().isInMainFile(places.sources().getExpansionLoc(definition.getLocation()));

  const auto add = [&](HazardKind kind, const SourceLocation& where) { fact.hazards.push_back({kind, where, {}}); };
  const clang::LangOptions& language = context.getLangOpts();
  const bool has_types = language.CPlusPlus ? language.CPlusPlus11 : language.C23;
  if (!has_types) add(HazardKind::no_underlying_type, fact.where);
  if (!fact.underlying) add(HazardKind::unusual_definition, fact.where);
  if (is_public(fact)) add(HazardKind::public_header, fact.where);
  if (!fact.scoped && !context.hasSameUnqualifiedType(definition.getPromotionType(), context.IntTy) && has_types)
    add(HazardKind::promotion, fact.where);
  for (const clang::TagDecl* declaration : definition.redecls()) {
    if (declaration != &definition && llvm::cast<clang::EnumDecl>(declaration)->isFixed())
      add(HazardKind::opaque_declaration, places.of(declaration->getLocation()));
  }
  return fact;
}

EnumFact* KnownEnums::of(clang::QualType type) const {
  if (type.isNull() || type->isDependentType()) return nullptr;
  const clang::EnumDecl* declaration = type->getAsEnumDecl();
  if (declaration == nullptr) return nullptr;
  const auto found = index_.find(declaration->getDefinition());
  return found == index_.end() ? nullptr : &facts_[found->second];
}

void KnownEnums::add_hazard(EnumFact* fact, HazardKind kind, clang::SourceLocation where,
                            const std::string& what) const {
  if (fact == nullptr) return;
  const auto same = [&](const Hazard& hazard) { return hazard.kind == kind && hazard.what == what; };
  if (std::ranges::count_if(fact->hazards, same) >= kMostOfOneKind) return;
  fact->hazards.push_back({kind, places_.of(where), what});
}

}  // namespace wml::extract
