#include <fmt/format.h>

#include "rules/model/quantity.h"
#include "rules/rule.h"
#include "rules/source/allocation_text.h"
#include "rules/source/object_savings.h"

namespace wml::rule {
namespace {

constexpr Option kOptions[] = {
    {"max-bytes", kSmallBufferBytes, "The largest buffer that the stack has room for, in bytes."},
};

Fix fix_of(const AllocationFact& fact, const StackEdit& edit) {
  Fix fix{fmt::format("put '{}' on the stack", fact.name), {}};
  fix.edits.push_back({edit.declaration.file, edit.declaration.offset, edit.length, edit.text});
  if (edit.release) fix.edits.push_back({edit.release->file, edit.release->offset, edit.release_length, ""});
  return fix;
}

std::string instead(const AllocationFact& fact) {
  switch (fact.form) {
    case AllocationForm::new_object:
    case AllocationForm::unique_object: return fmt::format("make it a local object: {} {}", fact.element, fact.name);
    case AllocationForm::vector: return "make it a std::array, or an array, in the function's frame";
    default: return "make it an array in the function's frame";
  }
}

void check(const AllocationFact& fact, const SourceContext& context, const OptionValues& options, Reporter& out) {
  if (!can_live_on_stack(fact) || *fact.bytes > options.number("max-bytes") || fact.form == AllocationForm::string) return;
  const std::uint64_t block = heap_block_bytes(*fact.bytes, context.profile);
  Draft draft;
  draft.message = fmt::format("'{}' takes {} of the heap for {} that '{}' frees again{}", fact.name, bytes_text(block),
                              bytes_text(*fact.bytes), fact.function,
                              fact.loop ? iterations_text(fact.iterations) : std::string());
  draft.where.source = fact.where;
  draft.saving = Saving{Space::object, block, block};
  draft.help = fmt::format(
      "{}: the stack then needs up to {} more while the function runs. Without an edit, "
      "-mllvm -attributor-enable=all -mllvm -max-heap-to-stack-size={} lets LLVM do it where it can prove it",
      instead(fact), bytes_text(*fact.bytes), options.number("max-bytes"));
  if (fact.stack_edit) draft.fix = fix_of(fact, *fact.stack_edit);
  out.report(std::move(draft));
}

}  // namespace

extern constinit const Rule heap_small_buffer = {
    .info = {.id = "heap-small-buffer",
             .summary = "Finds small buffers of constant size in the heap that never leave their function.",
             .default_severity = Severity::warning,
             .since = "0.1.0",
             .options = kOptions,
             .fix = FixKind::sometimes},
    .check = &check,
};

}  // namespace wml::rule
