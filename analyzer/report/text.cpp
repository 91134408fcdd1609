#include "analyzer/report/text.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "analyzer/demangle.h"
#include "analyzer/report/paint.h"
#include "analyzer/report/printable.h"
#include "analyzer/report/text_heap.h"
#include "analyzer/report/text_map.h"
#include "analyzer/report/text_parts.h"
#include "analyzer/report/text_stack.h"
#include "rules/model/quantity.h"
#include "rules/rule.h"

namespace wml {
namespace {

std::string pages_and_bytes(std::uint64_t pages) {
  return fmt::format("{} ({})", pages_text(pages), bytes_text(pages * kPageBytes));
}

std::string memory_text(const MemoryFact& memory) {
  std::string text;
  if (memory.page_bytes == kPageBytes) {
    text = pages_and_bytes(memory.minimum_pages) + " at start, ";
    text += memory.maximum_pages ? "maximum " + pages_and_bytes(*memory.maximum_pages) : "no maximum";
  } else {
    text = fmt::format("{} at start, ", bytes_text(memory.minimum_bytes()));
    text += memory.maximum_pages ? "maximum " + bytes_text(*memory.maximum_bytes()) : "no maximum";
    text += fmt::format(", page size {}", bytes_text(memory.page_bytes));
  }
  if (memory.shared) text += ", shared";
  if (memory.memory64) text += ", 64-bit";
  if (memory.import)
    text += fmt::format(", imported as {}.{}", printable(memory.import->module), printable(memory.import->name));
  for (const std::string& name : memory.exports) text += fmt::format(", exported as \"{}\"", printable(name));
  return text;
}

std::string data_text(const ModuleFacts& module) {
  std::uint64_t bytes = 0, zeros = 0, passive = 0;
  const SegmentFact* largest = nullptr;
  for (const SegmentFact& segment : module.segments) {
    bytes += segment.bytes;
    zeros += segment.zero_bytes;
    passive += segment.passive ? 1 : 0;
    if (largest == nullptr || segment.bytes > largest->bytes) largest = &segment;
  }
  std::string text = fmt::format("{} in {} segment{}", bytes_text(bytes), module.segments.size(),
                                 module.segments.size() == 1 ? "" : "s");
  if (passive > 0) text += fmt::format(" ({} passive)", passive);
  if (zeros > 0) text += fmt::format(", {} of it zeros", bytes_text(zeros));
  const DataCoverage covered = data_coverage(module);
  if (covered.gaps > 0) text += fmt::format(", gaps of {}", bytes_text(covered.gaps));
  if (covered.overlaps > 0) text += fmt::format(", {} written twice", bytes_text(covered.overlaps));
  if (largest != nullptr && module.segments.size() > 1) {
    text += fmt::format(", the largest {}", bytes_text(largest->bytes));
    if (!largest->name.empty()) text += fmt::format(" ({})", printable(demangle(largest->name)));
  }
  return text;
}

std::string file_text(const ModuleFacts& module) {
  std::string text = bytes_text(module.file_bytes);
  for (const LabelBytes& label : bytes_by_label(module)) {
    text += fmt::format("{}{} {}", text.size() == bytes_text(module.file_bytes).size() ? ": " : ", ",
                        printable(label.label), bytes_text(label.bytes));
  }
  return text;
}

std::string facts_block(const ModuleReport& report, const Paint& paint) {
  const ModuleFacts& module = report.module;
  std::string text =
      row("made by", std::string(to_string(module.toolchain.id)), with_basis(module.toolchain.basis, paint));
  text += row("file", file_text(module));
  for (const MemoryFact& memory : module.memories) {
    text += row(module.memories.size() == 1 ? "memory" : fmt::format("memory {}", memory.index), memory_text(memory));
  }
  if (module.memories.empty()) {
    text += row("memory", module.uses_gc ? "none: its objects live in the engine's garbage-collected heap" : "none");
  }
  if (!module.segments.empty()) text += row("data", data_text(module));
  if (module.stack) text += row("stack", stack_text(*module.stack), with_basis(module.stack->pointer_basis, paint));
  if (module.stack && !module.stack->entries.empty()) text += row("stack use", stack_use_text(module, paint));
  text += heap_rows(report, paint);
  if (module.dylink) {
    text +=
        row("dynamic",
            fmt::format("its data takes {} (aligned to {}) of the memory that it is given, where the loader puts it",
                        bytes_text(module.dylink->memory_bytes), module.dylink->memory_alignment));
  }
  if (module.relocatable) text += row("object file", "not linked yet: addresses and stack are the linker's");
  for (const std::string& note : module.notes) text += row("note", printable(note));
  return text;
}

std::string map_block(const ModuleReport& report, const Paint& paint) {
  const MemoryMap& map = report.module.map;
  if (map.regions.empty()) return {};
  return "\n  " + paint.bold("memory map at start") + "\n" + map_table(map, paint) + page_bar(map, paint);
}

std::string needs_block(const ModuleReport& report, const Paint& paint) {
  const Estimate& estimate = report.estimate;
  if (report.module.memories.empty()) return {};
  std::string text = "\n  " + paint.bold("pages of 64 KiB") + "\n";
  text += row("declared", pages_text(estimate.minimum_pages), paint.dim("reserved at start"));
  text +=
      row("touched", pages_text(estimate.touched_at_start_pages),
          paint.dim(fmt::format("written at start{}; the others cost no memory on most runtimes until they are used",
                                estimate.touched_is_complete ? "" : ", as far as is known")));
  text += row("static", pages_text(estimate.static_pages), paint.dim("what stack, data and bss take as they are"));
  if (estimate.after_first_allocation_pages) {
    text += row("after malloc", pages_text(*estimate.after_first_allocation_pages),
                paint.dim("once the allocator has served its first small request"));
  }
  if (estimate.own_pages) {
    text += row("own need", pages_text(*estimate.own_pages),
                paint.dim("derived: what its own code can make of it; every allocation has a bound"));
  }
  text += row("at most", estimate.bound_pages ? pages_text(*estimate.bound_pages) : "unknown",
              with_basis(estimate.bound_basis, paint));
  const auto recommended = [](const std::optional<std::uint64_t>& pages) {
    return pages ? std::to_string(*pages) : "unknown";
  };
  text += row("recommended", "initial " + recommended(estimate.recommended_initial_pages),
              with_basis(estimate.initial_basis, paint));
  text +=
      row("", "maximum " + recommended(estimate.recommended_maximum_pages), with_basis(estimate.maximum_basis, paint));
  if (report.prediction.possible_pages < estimate.minimum_pages) {
    const bool certain = report.prediction.certain_pages == report.prediction.possible_pages;
    text += row("once fixed",
                certain ? pages_text(report.prediction.certain_pages)
                        : fmt::format("{} to {}", report.prediction.possible_pages,
                                      pages_text(report.prediction.certain_pages)),
                paint.dim("initial pages when the findings below are followed"));
  }
  if (report.resident) {
    const Resident& resident = *report.resident;
    text += row("resident", bytes_text(resident.total()),
                paint.dim(fmt::format("estimate for {}: runtime {}, memory {}, code {}, data {}, custom {}",
                                      measured_version(resident.runtime), bytes_text(resident.base_bytes),
                                      bytes_text(resident.memory_bytes), bytes_text(resident.code_bytes),
                                      bytes_text(resident.data_bytes), bytes_text(resident.custom_bytes))));
  }
  return text;
}

std::string where_text(const WasmLocation& where) {
  std::string text;
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (where.function) {
    add(where.function_name.empty()
            ? fmt::format("function {}", *where.function)
            : fmt::format("function {} ({})", *where.function, printable(demangle(where.function_name))));
  }
  if (where.segment) add(fmt::format("segment {}", *where.segment));
  if (where.address) add(fmt::format("address {:#x}", *where.address));
  if (where.file_offset) add(fmt::format("file offset {:#x}", *where.file_offset));
  return text;
}

std::string saving_text(const Saving& saving) {
  const auto amount = [&](std::uint64_t bytes) {
    if (saving.space == Space::file) return bytes_text(bytes) + " of the file";
    const std::uint64_t pages = bytes / kPageBytes;
    return pages > 0 ? fmt::format("{} ({})", pages_text(pages), bytes_text(bytes))
                     : fmt::format("{} of memory, less than a page", bytes_text(bytes));
  };
  return saving.low_bytes == saving.high_bytes ? amount(saving.high_bytes) : "up to " + amount(saving.high_bytes);
}

std::string severity_text(Severity severity, const Paint& paint) {
  switch (severity) {
    case Severity::error: return paint.red("error");
    case Severity::warning: return paint.yellow("warning");
    default: return paint.cyan("info");
  }
}

std::string finding_text(const Finding& finding, const Paint& paint) {
  std::string text =
      fmt::format("{}: {} {}\n", severity_text(finding.severity, paint), paint.bold(printable(finding.message)),
                  paint.dim(fmt::format("[{}]", finding.rule->id)));
  if (finding.where.wasm) {
    const std::string where = where_text(*finding.where.wasm);
    if (!where.empty()) text += fmt::format("   at {}\n", where);
  }
  if (finding.saving && finding.saving->high_bytes > 0)
    text += fmt::format("   = saves: {}\n", saving_text(*finding.saving));
  if (!finding.help.empty()) text += fmt::format("   = help: {}\n", printable(finding.help));
  return text;
}

/// Many findings of one rule would push everything else off the screen.
std::string findings_block(const ModuleReport& report, const Paint& paint) {
  constexpr std::size_t kShownPerRule = 5;
  std::string text;
  const std::vector<Finding>& findings = report.rules.findings;
  std::size_t of_rule = 0;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    of_rule = i > 0 && findings[i - 1].rule == findings[i].rule ? of_rule + 1 : 0;
    if (of_rule < kShownPerRule) text += "\n" + finding_text(findings[i], paint);
    const bool last = i + 1 == findings.size() || findings[i + 1].rule != findings[i].rule;
    if (last && of_rule >= kShownPerRule) {
      text += fmt::format("\n   ... and {} more of [{}]; --format json lists all\n", of_rule + 1 - kShownPerRule,
                          findings[i].rule->id);
    }
  }
  return text;
}

std::string counts_text(const ModuleReport& report) {
  std::size_t errors = 0, warnings = 0;
  for (const Finding& finding : report.rules.findings) {
    errors += finding.severity == Severity::error ? 1 : 0;
    warnings += finding.severity == Severity::warning ? 1 : 0;
  }
  const auto count = [](std::size_t n, std::string_view what) {
    return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
  };
  std::string text;
  if (errors > 0) text += ", " + count(errors, "error");
  if (warnings > 0) text += ", " + count(warnings, "warning");
  if (report.rules.suppressed > 0) text += fmt::format(", {} suppressed", report.rules.suppressed);
  return text;
}

std::string outcome_text(const Verdict& verdict, const Paint& paint) {
  switch (verdict.outcome) {
    case Outcome::fits: return paint.green(fmt::format("fits {}", pages_text(verdict.budget_pages)));
    case Outcome::cannot_fit: return paint.red(fmt::format("cannot fit {}", pages_text(verdict.budget_pages)));
    case Outcome::not_proven:
      return paint.yellow(fmt::format("not proven to fit {}", pages_text(verdict.budget_pages)));
  }
  return {};
}

std::string verdict_line(const ModuleReport& report, const Paint& paint) {
  std::string text = "\n" + paint.bold(report_name(report)) + ": ";
  if (report.verdict) {
    text += fmt::format("{}: {}", outcome_text(*report.verdict, paint), report.verdict->why);
  } else if (report.module.memories.empty()) {
    text += "no linear memory";
  } else {
    text += fmt::format("{} at start, ", pages_text(report.estimate.minimum_pages));
    text +=
        report.estimate.bound_pages ? fmt::format("at most {}", *report.estimate.bound_pages) : "no proven upper bound";
  }
  return text + counts_text(report) + "\n";
}

std::string module_block(const ModuleReport& report, const Paint& paint) {
  return report_title(report, paint) + facts_block(report, paint) + map_block(report, paint) +
         needs_block(report, paint) + findings_block(report, paint) + verdict_line(report, paint);
}

std::string summary_table(std::span<const ModuleReport> reports, const Paint& paint) {
  std::size_t width = 6;
  for (const ModuleReport& report : reports) width = std::max(width, report_name(report).size());
  std::string text = "\n" +
                     paint.bold(fmt::format("{:<{}}  {:>8}  {:>8}  {:>8}  {:>6}  {:>8}  {}", "module", width, "start",
                                            "at most", "touched", "errors", "warnings", "verdict")) +
                     "\n";
  for (const ModuleReport& report : reports) {
    if (report.error) {
      text += fmt::format("{:<{}}  {}\n", report_name(report), width, paint.red("not analysed"));
      continue;
    }
    const auto count = [&](Severity severity) {
      return std::ranges::count(report.rules.findings, severity, &Finding::severity);
    };
    const Estimate& estimate = report.estimate;
    text +=
        fmt::format("{:<{}}  {:>8}  {:>8}  {:>8}  {:>6}  {:>8}  {}\n", report_name(report), width,
                    estimate.minimum_pages, estimate.bound_pages ? std::to_string(*estimate.bound_pages) : "unknown",
                    estimate.touched_at_start_pages, count(Severity::error), count(Severity::warning),
                    report.verdict ? outcome_text(*report.verdict, paint) : "no budget");
  }
  return text;
}

}  // namespace

std::string to_text(std::span<const ModuleReport> reports, const TextStyle& style) {
  const Paint paint(style.color);
  std::string text;
  for (const ModuleReport& report : reports) {
    if (report.error) continue;
    if (!text.empty()) text += "\n";
    text += module_block(report, paint);
  }
  if (reports.size() > 1) text += summary_table(reports, paint);
  return text;
}

}  // namespace wml
