#include "extract/unit.h"

#include "clang/AST/DynamicRecursiveASTVisitor.h"
#include "clang/Basic/TargetInfo.h"
#include "clang/Basic/Version.h"
#include "extract/initialisers.h"
#include "extract/known_records.h"
#include "extract/record_uses.h"
#include "extract/records.h"
#include "extract/users_declarations.h"

namespace wml::extract {
namespace {

/// The records that the user's files define, instances of templates among them.
class Records : public clang::DynamicRecursiveASTVisitor {
public:
  explicit Records(const Places& places) : places_(places) {
    ShouldVisitTemplateInstantiations = true;
    ShouldVisitImplicitCode = false;
  }

  bool VisitRecordDecl(clang::RecordDecl* record) override {
    if (record->isThisDeclarationADefinition() && is_users_record(*record, places_)) found.push_back(record);
    return true;
  }

  std::vector<const clang::RecordDecl*> found;

private:
  const Places& places_;
};

}  // namespace

std::optional<TargetProfile> profile_of(const clang::TargetInfo& target) {
  const llvm::Triple& triple = target.getTriple();
  if (!triple.isWasm()) return std::nullopt;
  if (triple.getArch() == llvm::Triple::wasm64)
    return triple.isOSEmscripten() ? TargetProfile::wasm64_emscripten : TargetProfile::wasm64;
  return triple.isOSEmscripten() ? TargetProfile::wasm32_emscripten : TargetProfile::wasm32;
}

SourceFacts read_unit(clang::ASTContext& context, TargetProfile profile) {
  SourceFacts facts;
  facts.profile = profile;
  facts.compiler = "clang " CLANG_VERSION_STRING;
  const Places places(context.getSourceManager(), context.getLangOpts());
  Records records(places);
  for (clang::Decl* declaration : users_declarations(context, places)) records.TraverseDecl(declaration);
  KnownRecords known(facts.records, places);
  for (const clang::RecordDecl* record : records.found) {
    std::optional<RecordFact> fact = read_record(*record, context, places);
    if (!fact) continue;
    known.add(record, facts.records.size());
    facts.records.push_back(std::move(*fact));
  }
  if (!known.empty()) {
    add_record_uses(context, places, known);
    add_initialisers(context, places, known);
  }
  return facts;
}

}  // namespace wml::extract
