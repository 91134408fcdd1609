#include "extract/unit.h"

#include <set>

#include "clang/Basic/TargetInfo.h"
#include "clang/Basic/Version.h"
#include "extract/bool_uses.h"
#include "extract/borders.h"
#include "extract/byte_uses.h"
#include "extract/enum_uses.h"
#include "extract/enums.h"
#include "extract/heap_use.h"
#include "extract/initialisers.h"
#include "extract/known_layouts.h"
#include "extract/record_objects.h"
#include "extract/record_uses.h"
#include "extract/records.h"
#include "extract/size_uses.h"
#include "extract/suppressions.h"
#include "extract/unit_nodes.h"

namespace wml::extract {
namespace {

std::vector<std::string> users_files(const Places& places) {
  const clang::SourceManager& sources = places.sources();
  std::set<std::string> files;
  for (unsigned i = 1; i < sources.local_sloc_entry_size(); ++i) {
    const clang::SrcMgr::SLocEntry& entry = sources.getLocalSLocEntry(i);
    if (!entry.isFile() || clang::SrcMgr::isSystem(entry.getFile().getFileCharacteristic())) continue;
    const clang::SourceLocation begin = clang::SourceLocation::getFromRawEncoding(entry.getOffset());
    const std::string path = places.path(sources.getFileID(begin));
    if (!path.empty()) files.insert(path);
  }
  return {files.begin(), files.end()};
}

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
  facts.files = users_files(places);
  facts.suppressions = read_suppressions(context, places);
  const UnitNodes nodes = collect_nodes(context, places);
  KnownRecords known(facts.records, places);
  for (const clang::RecordDecl* record : nodes.records) {
    if (!is_users_record(*record, places)) continue;
    std::optional<RecordFact> fact = read_record(*record, context, places);
    if (!fact) continue;
    known.add(record, facts.records.size());
    facts.records.push_back(std::move(*fact));
  }
  KnownEnums known_enums(facts.enums, places);
  for (const clang::EnumDecl* definition : nodes.enums) {
    if (!is_users_enum(*definition, places)) continue;
    EnumFact fact = read_enum(*definition, context, places);
    if (fact.bytes == 1) continue;
    known_enums.add(definition, facts.enums.size());
    facts.enums.push_back(std::move(fact));
  }
  const KnownLayouts layouts(known, known_enums);
  if (!known.empty()) {
    add_record_objects(context, places, nodes, known);
    add_record_uses(context, places, nodes, layouts);
    const WholeMoves whole = add_size_uses(context, nodes, layouts);
    add_byte_uses(context, nodes, layouts, whole);
    add_initialisers(context, places, nodes, known);
    add_bool_uses(context, nodes, known);
  }
  if (!known_enums.empty()) add_enum_uses(context, places, nodes, known_enums);
  if (!known.empty() || !known_enums.empty()) add_border_uses(places, nodes, layouts);
  add_heap_use(context, places, nodes, facts);
  return facts;
}

}  // namespace wml::extract
