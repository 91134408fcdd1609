#include "analyzer/report/text_parts.h"

#include <fmt/format.h>

#include "analyzer/demangle.h"
#include "analyzer/report/printable.h"

namespace wml {

std::string report_name(const ModuleReport& report) {
  const std::string path = printable(report.path);
  return report.module.component_index ? fmt::format("{}#{}", path, *report.module.component_index) : path;
}

std::string report_title(const ModuleReport& report, const Paint& paint) {
  std::string text = printable(report.path);
  if (report.module.component_index)
    text +=
        fmt::format(", core module {} at offset {:#x}", *report.module.component_index, report.module.module_offset);
  return paint.bold(text) + "\n";
}

std::string row(std::string_view label, const std::string& value, const std::string& how) {
  return fmt::format("  {:<14} {}{}{}\n", label, value, how.empty() ? "" : "  ", how);
}

std::string with_basis(const Basis& basis, const Paint& paint) {
  return paint.dim(fmt::format("{}: {}", to_string(basis.evidence), printable(basis.how)));
}

std::string function_text(const ModuleFacts& module, std::uint32_t function) {
  const std::string& name = module.functions[function].name;
  constexpr std::size_t kMost = 100;  // template arguments would fill the screen
  if (name.empty()) return fmt::format("function {}", function);
  const std::string text = demangle(name);
  return printable(text.size() <= kMost ? text : text.substr(0, kMost - 3) + "...");
}

}  // namespace wml
