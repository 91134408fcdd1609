#include <algorithm>

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
  // Where the module is known, its buffers go no further than half of what its stack has to spare.
  const std::uint64_t most = std::min(options.number("max-bytes"), context.spare_stack_bytes.value_or(UINT64_MAX) / 2);
  if (!can_live_on_stack(fact) || *fact.bytes > most || fact.form == AllocationForm::string ||
      fact.form == AllocationForm::deque)
    return;
  const std::uint64_t block = heap_block_bytes(*fact.bytes, context.profile);
  Draft draft;
  draft.message = fmt::format("'{}' has {} in the heap (a block of {}) that '{}' needs only until it returns{}",
                              fact.name, bytes_text(*fact.bytes), bytes_text(block), fact.function,
                              fact.loop ? ", asked for" + iterations_text(fact.iterations) : std::string());
  draft.where.source = fact.where;
  draft.saving = Saving{Space::object, block, block};
  draft.help = fmt::format("{}: the stack then needs up to {} more while the function runs", instead(fact),
                           bytes_text(*fact.bytes));
  if (fact.form == AllocationForm::malloc || fact.form == AllocationForm::new_array)
    draft.help += fmt::format(
        ". Without an edit, -mllvm -attributor-enable=all -mllvm -max-heap-to-stack-size={} lets LLVM do so where it "
        "can prove "
        "that the pointer does not escape",
        most);
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
