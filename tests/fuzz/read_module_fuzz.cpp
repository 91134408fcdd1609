// libFuzzer: any bytes as a module. Build with the preset `fuzz`, run build/fuzz/tests/read_module_fuzz CORPUS_FOLDER.

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "analyzer/analyze.h"
#include "analyzer/report/json.h"
#include "analyzer/report/text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const wml::RuleSettings settings = wml::RuleSettings::defaults();
  const wml::ByteSpan bytes(data, size);
  const auto reports = wml::analyze({"fuzz.wasm", 32, wml::Runtime::wasmedge}, bytes, settings);
  for (const wml::ModuleReport& report : reports) {
    if (report.error) continue;
    // What every report promises: every byte of the file has a label, the regions have no gaps.
    std::uint64_t labelled = 0;
    for (const wml::LabelBytes& label : wml::bytes_by_label(report.module)) labelled += label.bytes;
    if (labelled != report.module.file_bytes) std::abort();
    std::uint64_t next = 0;
    for (const wml::Region& region : report.module.map.regions) {
      if (region.low != next || region.high <= region.low) std::abort();
      next = region.high;
    }
  }
  if (wml::to_json(reports).empty()) std::abort();
  wml::to_text(reports, {});
  return 0;
}
