#include "analyzer/report/source_text.h"

#include <filesystem>
#include <sstream>

#include <fmt/format.h>

#include "analyzer/report/paint.h"
#include "analyzer/report/printable.h"
#include "rules/model/quantity.h"
#include "rules/rule.h"

namespace wml {
namespace {

std::string shown_path(const std::string& path) {
  std::error_code failed;
  const std::filesystem::path here = std::filesystem::current_path(failed);
  const std::filesystem::path relative = std::filesystem::path(path).lexically_relative(here);
  const bool below = !failed && !relative.empty() && *relative.begin() != "..";
  return printable(below ? relative.string() : path);
}

std::string place_text(const SourceLocation& where) {
  if (where.line == 0) return shown_path(where.file);
  return fmt::format("{}:{}:{}", shown_path(where.file), where.line, where.column);
}

std::string severity_word(Severity severity, const Paint& paint) {
  switch (severity) {
    case Severity::error: return paint.red("error");
    case Severity::warning: return paint.yellow("warning");
    default: return paint.cyan("remark");
  }
}

std::string saving_text(const Saving& saving) {
  const std::string amount = saving.low_bytes == saving.high_bytes
                                 ? fmt::format("{} bytes", saving.high_bytes)
                                 : fmt::format("{} to {} bytes", saving.low_bytes, saving.high_bytes);
  return saving.space == Space::object ? amount + " of each object" : amount + " of memory";
}

/// Lines below the first one, indented.
std::string indented(const std::string& text) {
  std::string out, line;
  std::istringstream lines(text);
  while (std::getline(lines, line)) out += "     " + printable(line) + "\n";
  return out;
}

std::string finding_text(const Finding& finding, const Paint& paint) {
  std::string text = fmt::format("{}: {}: {} {}\n", paint.bold(place_text(*finding.where.source)),
                                 severity_word(finding.severity, paint), paint.bold(printable(finding.message)),
                                 paint.dim(fmt::format("[{}]", finding.rule->id)));
  if (finding.saving && finding.saving->high_bytes > 0)
    text += fmt::format("   = saves: {}\n", saving_text(*finding.saving));
  if (!finding.help.empty()) text += fmt::format("   = help: {}\n", printable(finding.help));
  if (finding.fix)
    text += fmt::format("   = fix: {} (`wasm-memlint fix` proves and applies it)\n", printable(finding.fix->title));
  text += indented(finding.details);
  for (const Note& note : finding.notes)
    text += fmt::format("{}: {}: {}\n", place_text(note.where), paint.dim("note"), printable(note.message));
  return text;
}

/// What all findings together come to; nothing where no static object gets smaller.
std::string prediction_text(const SourcePrediction& prediction) {
  if (prediction.static_bytes_saved == 0) return {};
  std::string text = fmt::format("once fixed: {} bytes less of static data", prediction.static_bytes_saved);
  if (prediction.pages_now && prediction.pages_fixed) {
    text += fmt::format(", {} instead of {} at start if all of it is linked in", pages_text(*prediction.pages_fixed),
                        pages_text(*prediction.pages_now));
  } else if (prediction.pages_now) {
    text += fmt::format("; the module's {} at start were set by hand and stay", pages_text(*prediction.pages_now));
  }
  return text + "\n";
}

std::string plural(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace

std::string to_source_text(const SourceReport& report, const TextStyle& style) {
  const Paint paint(style.color);
  std::string text;
  for (const Finding& finding : report.rules.findings) text += finding_text(finding, paint);
  std::size_t fixable = 0;
  for (const Finding& finding : report.rules.findings) fixable += finding.fix ? 1 : 0;
  text += fmt::format("{} read for {}: {}", plural(report.units.size(), "unit"), to_string(report.profile),
                      plural(report.rules.findings.size(), "finding"));
  if (fixable > 0) text += fmt::format(", {} with a fix", fixable);
  if (report.rules.suppressed > 0) text += fmt::format(", {} suppressed", report.rules.suppressed);
  if (report.failed_units > 0)
    text += fmt::format("; {} did not compile, and may hold more", plural(report.failed_units, "unit"));
  return text + "\n" + prediction_text(report.prediction);
}

std::string source_errors_text(const std::vector<SourceError>& errors) {
  std::string text;
  for (const SourceError& error : errors)
    text += fmt::format("{}: error: {}\n", place_text(error.where), printable(error.message));
  return text;
}

}  // namespace wml
