#include "analyzer/analyze.h"

#include <utility>

#include <fmt/format.h>

#include "analyzer/predict/estimate.h"
#include "analyzer/predict/predict.h"
#include "analyzer/wasm/binaryen_reader.h"
#include "analyzer/wasm/component.h"
#include "analyzer/wasm/read_module.h"
#include "rules/model/quantity.h"

namespace wml {
namespace {

ModuleReport failed(const Request& request, Error error) {
  ModuleReport report{.path = request.path};
  report.error = std::move(error);
  return report;
}

/// Facts to report: each stage takes the values of the ones before it and returns a new one.
ModuleReport report_on(const Request& request, ModuleFacts module, const RuleSettings& settings) {
  ModuleReport report{.path = request.path};
  ProgramFacts program{std::move(module), {}, request.budget_pages};
  program.estimate = estimate_pages(program.module, request.budget_pages);
  if (request.budget_pages) report.verdict = judge(program.estimate, *request.budget_pages);
  if (request.runtime) report.resident = estimate_resident(program.module, program.estimate, *request.runtime);
  report.rules = run_rules(program, settings);
  report.prediction = predict(program.module, program.estimate, report.rules.findings);
  report.module = std::move(program.module);
  report.estimate = std::move(program.estimate);
  return report;
}

/// A list of one. (An initializer list would copy it.)
std::vector<ModuleReport> one(ModuleReport report) {
  std::vector<ModuleReport> reports;
  reports.push_back(std::move(report));
  return reports;
}

/// A component's memories exist together: what each module may have is no proof for all of them.
void judge_together(std::vector<ModuleReport>& reports, std::uint64_t budget_pages) {
  std::uint64_t least = 0, most = 0;
  std::size_t with_memory = 0;
  bool bounded = true;
  for (const ModuleReport& report : reports) {
    if (report.error || report.module.memories.empty()) continue;
    ++with_memory;
    least = saturating_add(least, report.estimate.minimum_pages);
    most = saturating_add(most, report.estimate.bound_pages.value_or(0));
    bounded = bounded && report.estimate.bound_pages;
  }
  if (with_memory < 2) return;
  for (ModuleReport& report : reports) {
    if (!report.verdict || report.verdict->outcome != Outcome::fits) continue;
    report.verdict->outcome = Outcome::not_proven;
    report.verdict->why = fmt::format(
        "{} core modules of the component have memories; together they start with {}{}", with_memory, pages_text(least),
        bounded && most <= budget_pages ? fmt::format(", and have at most {} if each is instantiated once", most) : "");
  }
}

std::vector<ModuleReport> analyze_component(const Request& request, ByteSpan bytes, const RuleSettings& settings) {
  const auto embedded = find_embedded_modules(bytes);
  if (!embedded.ok()) return {failed(request, embedded.error())};
  std::vector<ModuleReport> reports;
  for (std::size_t i = 0; i < embedded.value().size(); ++i) {
    const EmbeddedModule& place = embedded.value()[i];
    auto module = read_module(request.path, bytes, place.begin, place.end, request.recursion_limits);
    if (!module.ok()) {
      reports.push_back(failed(request, module.error()));
      continue;
    }
    module.value().format = ModuleFormat::component;
    module.value().component_index = static_cast<std::uint32_t>(i);
    reports.push_back(report_on(request, std::move(module.value()), settings));
  }
  if (request.budget_pages) judge_together(reports, *request.budget_pages);
  if (!reports.empty()) return reports;
  reports.push_back(
      failed(request, {"a component that embeds no core module: it has no memory of its own", std::nullopt}));
  return reports;
}

/// Whether the first thing in the file is a parenthesis or a comment, as in every text module.
bool looks_like_text(ByteSpan bytes) {
  for (const std::uint8_t byte : bytes) {
    if (byte == '(' || byte == ';') return true;
    if (byte != ' ' && byte != '\t' && byte != '\n' && byte != '\r') return false;
  }
  return false;
}

std::vector<ModuleReport> analyze_text(const Request& request, ByteSpan bytes, const RuleSettings& settings) {
  const auto binary = assemble_text({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  if (!binary.ok()) return {failed(request, binary.error())};
  auto module = read_module(request.path, binary.value(), 0, binary.value().size(), request.recursion_limits);
  if (!module.ok()) return {failed(request, module.error())};
  module.value().format = ModuleFormat::text;
  return one(report_on(request, std::move(module.value()), settings));
}

}  // namespace

std::vector<ModuleReport> analyze(const Request& request, ByteSpan bytes, const RuleSettings& settings) {
  if (bytes.empty()) return {failed(request, {"the file is empty: expected a WebAssembly module", 0})};
  if (is_component(bytes)) return analyze_component(request, bytes, settings);
  if (request.path.ends_with(".wat") || looks_like_text(bytes)) return analyze_text(request, bytes, settings);
  auto module = read_module(request.path, bytes, 0, bytes.size(), request.recursion_limits);
  if (!module.ok()) return {failed(request, module.error())};
  return one(report_on(request, std::move(module.value()), settings));
}

}  // namespace wml
