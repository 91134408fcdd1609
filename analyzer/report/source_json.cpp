#include "analyzer/report/source_json.h"

#include "analyzer/report/json_parts.h"
#include "analyzer/version.h"
#include "rules/rule.h"

namespace wml {
namespace {

Json to_json(const SourceLocation& where) {
  return {{"file", where.file}, {"line", where.line}, {"column", where.column}, {"offset", where.offset}};
}

std::string_view space_name(Space space) {
  switch (space) {
    case Space::linear_memory: return "linear-memory";
    case Space::file: return "file";
    case Space::object: return "object";
  }
  return "object";
}

Json to_json(const std::optional<Fix>& fix) {
  if (!fix) return nullptr;
  Json edits = Json::array();
  for (const Edit& edit : fix->edits)
    edits.push_back({{"file", edit.file}, {"offset", edit.offset}, {"length", edit.length}, {"text", edit.text}});
  return {{"title", fix->title}, {"edits", edits}};
}

Json to_json(const Finding& finding) {
  Json saving = nullptr;
  if (finding.saving) {
    saving = {{"space", space_name(finding.saving->space)},
              {"low_bytes", finding.saving->low_bytes},
              {"high_bytes", finding.saving->high_bytes}};
  }
  Json notes = Json::array();
  for (const Note& note : finding.notes) notes.push_back({{"where", to_json(note.where)}, {"message", note.message}});
  return {{"rule", finding.rule->id},   {"severity", to_string(finding.severity)},
          {"message", finding.message}, {"where", to_json(*finding.where.source)},
          {"saving", saving},           {"help", finding.help},
          {"details", finding.details}, {"notes", notes},
          {"fix", to_json(finding.fix)}};
}

}  // namespace

std::string to_source_json(const SourceReport& report) {
  Json findings = Json::array(), errors = Json::array();
  for (const Finding& finding : report.rules.findings) findings.push_back(to_json(finding));
  for (const SourceError& error : report.errors)
    errors.push_back({{"where", to_json(error.where)}, {"message", error.message}});
  const Json out = {{"schema_version", 1},
                    {"tool", {{"name", "wasm-memlint"}, {"version", kVersion}}},
                    {"target", to_string(report.profile)},
                    {"compiler", report.compiler},
                    {"units", report.units},
                    {"failed_units", report.failed_units},
                    {"errors", errors},
                    {"findings", findings},
                    {"prediction",
                     {{"static_bytes_saved", report.prediction.static_bytes_saved},
                      {"pages_now", or_null(report.prediction.pages_now)},
                      {"pages_fixed", or_null(report.prediction.pages_fixed)}}},
                    {"suppressed", report.rules.suppressed}};
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace wml
