#include "analyzer/wasm/binaryen_reader.h"

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include <fmt/format.h>

#include "analyzer/wasm/global_section.h"
#include "analyzer/wasm/quiet_cerr.h"
#include "analyzer/wasm/slim_module.h"
#include "parser/wat-parser.h"
#include "parsing.h"
#include "wasm-binary.h"
#include "wasm-traversal.h"
#include "wasm.h"

namespace wml {
namespace {

/// Evaluates a constant expression (core specification, 3.4.13 "Constant Expressions") without recursion: a file can
/// nest it as deep as it is long.
class ConstantEvaluator : public wasm::PostWalker<ConstantEvaluator> {
public:
  explicit ConstantEvaluator(wasm::Module& module) : module_(module) {}

  void visitConst(wasm::Const* curr) {
    const bool integer = curr->type == wasm::Type::i32 || curr->type == wasm::Type::i64;
    push(integer ? std::optional(static_cast<std::uint64_t>(curr->value.getInteger())) : std::nullopt);
  }

  void visitGlobalGet(wasm::GlobalGet* curr) {
    const wasm::Global* global = module_.getGlobalOrNull(curr->name);
    if (global == nullptr) return push(std::nullopt);
    if (global->imported()) {
      expression_ = fmt::format("global.get {}.{}", global->module.toString(), global->base.toString());
      return push(std::nullopt);
    }
    const auto* init = global->init == nullptr ? nullptr : global->init->dynCast<wasm::Const>();
    if (init == nullptr || global->mutable_) {
      expression_ = fmt::format("global.get {}", global->name.toString());
      return push(std::nullopt);
    }
    visitConst(const_cast<wasm::Const*>(init));
  }

  void visitBinary(wasm::Binary* curr) {
    const auto right = pop();
    const auto left = pop();
    if (!left || !right) return push(std::nullopt);
    switch (curr->op) {
      case wasm::AddInt32:
      case wasm::AddInt64: return push(*left + *right);
      case wasm::SubInt32:
      case wasm::SubInt64: return push(*left - *right);
      case wasm::MulInt32:
      case wasm::MulInt64: return push(*left * *right);
      default: return push(std::nullopt);
    }
  }

  SegmentOffset evaluate(wasm::Expression* expression) {
    const bool is32 = expression->type == wasm::Type::i32;
    walk(expression);
    const auto value = values_.size() == 1 ? values_.back() : std::nullopt;
    if (value) return {is32 ? static_cast<std::uint32_t>(*value) : *value, {}};
    return {std::nullopt, expression_.empty() ? "a constant expression" : expression_};
  }

private:
  void push(std::optional<std::uint64_t> value) { values_.push_back(value); }
  std::optional<std::uint64_t> pop() {
    if (values_.empty()) return std::nullopt;
    const auto value = values_.back();
    values_.pop_back();
    return value;
  }

  wasm::Module& module_;
  std::vector<std::optional<std::uint64_t>> values_;
  std::string expression_;
};

std::optional<ImportName> import_of(const wasm::Importable& item) {
  if (!item.imported()) return std::nullopt;
  return ImportName{item.module.toString(), item.base.toString()};
}

MemoryFact to_fact(wasm::Memory& memory, std::uint32_t index) {
  MemoryFact fact{.index = index,
                  .minimum_pages = memory.initial,
                  .maximum_pages = std::nullopt,
                  .page_bytes = std::uint64_t{1} << memory.pageSizeLog2,
                  .shared = memory.shared,
                  .memory64 = memory.is64(),
                  .import = import_of(memory),
                  .exports = {}};
  if (memory.hasMax()) fact.maximum_pages = memory.max;
  return fact;
}

GlobalFact to_fact(wasm::Module& module, wasm::Global& global, std::uint32_t index) {
  GlobalFact fact{.index = index,
                  .name = {},
                  .mutable_ = global.mutable_,
                  .is64 = global.type == wasm::Type::i64,
                  .value = std::nullopt,
                  .import = import_of(global),
                  .exports = {}};
  const bool integer = global.type == wasm::Type::i32 || global.type == wasm::Type::i64;
  if (integer && global.init != nullptr) fact.value = ConstantEvaluator(module).evaluate(global.init).address;
  return fact;
}

Declarations to_declarations(wasm::Module& module) {
  Declarations out;
  for (const auto& memory : module.memories)
    out.memories.push_back(to_fact(*memory, static_cast<std::uint32_t>(out.memories.size())));
  for (const auto& global : module.globals)
    out.globals.push_back(to_fact(module, *global, static_cast<std::uint32_t>(out.globals.size())));
  for (const auto& function : module.functions) {
    if (auto import = import_of(*function)) out.function_imports.push_back(std::move(*import));
  }
  for (const auto& table : module.tables) out.imported_tables.push_back(table->imported());
  out.tags = static_cast<std::uint32_t>(module.tags.size());
  for (const auto& segment : module.dataSegments) {
    out.segment_offsets.push_back(segment->offset == nullptr ? SegmentOffset{}
                                                             : ConstantEvaluator(module).evaluate(segment->offset));
  }
  return out;
}

Error to_error(const wasm::ParseException& exception, const SlimModule& slim) {
  constexpr auto kNowhere = static_cast<std::size_t>(-1);
  std::optional<std::uint64_t> offset;
  if (exception.col != kNowhere) offset = slim.original(exception.col);
  return Error{exception.text, offset};
}

}  // namespace

Result<Declarations> read_declarations(ByteSpan file, const SectionMap& map,
                                       const std::vector<OffsetExpression>& offsets, bool with_functions) {
  const QuietCerr quiet;
  auto constant_globals = read_constant_globals(file, map, offsets);
  const SlimModule slim(file, map, {.functions = with_functions, .globals = !constant_globals, .offsets = offsets});
  try {
    wasm::Module module;
    module.features = wasm::FeatureSet::All;  // must be set before reading
    wasm::WasmBinaryReader reader(module, wasm::FeatureSet::All, slim.bytes());
    reader.setDebugInfo(false);
    reader.setSkipFunctionBodies(true);
    reader.read();
    Declarations out = to_declarations(module);
    if (constant_globals) std::ranges::move(*constant_globals, std::back_inserter(out.globals));
    return out;
  } catch (const wasm::ParseException& exception) {
    return to_error(exception, slim);
  } catch (const std::bad_alloc&) {
    return Error{"reading it takes more memory than is allowed", std::nullopt};
  } catch (const std::exception& exception) {  // Fatal() with THROW_ON_FATAL
    return Error{exception.what(), std::nullopt};
  }
}

Result<std::vector<std::uint8_t>> assemble_text(std::string_view text) {
  const QuietCerr quiet;
  try {
    wasm::Module module;
    module.features = wasm::FeatureSet::All;
    auto parsed = wasm::WATParser::parseModule(module, text);
    if (auto* error = parsed.getErr()) return Error{error->msg, std::nullopt};
    wasm::BufferWithRandomAccess buffer;
    wasm::WasmBinaryWriter writer(&module, buffer, wasm::PassOptions());
    writer.setNamesSection(true);
    writer.write();
    return std::vector<std::uint8_t>(buffer.begin(), buffer.end());
  } catch (const wasm::ParseException& exception) {
    return Error{exception.text, std::nullopt};
  } catch (const std::bad_alloc&) {
    return Error{"assembling it takes more memory than is allowed", std::nullopt};
  } catch (const std::exception& exception) {
    return Error{exception.what(), std::nullopt};
  }
}

}  // namespace wml
