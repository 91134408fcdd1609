// Binaryen's PassRunner, without the registry of its 200 passes. The parser and the writer of modules use the runner
// for work of their own, once for each function; the object in Binaryen's archive that has it (pass.cpp) would bring
// every pass of the optimizer along, which is half of the program, and run their constructors at each start, which is
// more than half of the time of a start. These are all members that the parser and the writer refer to: if that
// changes, the link fails with a duplicate definition or a missing one.

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "pass.h"

namespace wasm {

void PassRunner::doAdd(std::unique_ptr<Pass> pass) { passes.push_back(std::move(pass)); }

/// The parser asks for one pass by name, which carries source locations from instructions to those beside them.
/// Nothing here reads source locations.
// NOLINTNEXTLINE(performance-unnecessary-value-param): as Binaryen declares it
void PassRunner::add(std::string name, std::optional<std::string> /*argument*/) {
  if (name != "propagate-debug-locs") throw std::logic_error("Binaryen's pass " + name + " is not linked");
}

void PassRunner::run() {
  for (const std::unique_ptr<Pass>& pass : passes) {
    if (!pass->isFunctionParallel()) {
      pass->setPassRunner(this);
      pass->run(wasm);
      continue;
    }
    for (const std::unique_ptr<Function>& function : wasm->functions) {
      if (function->imported()) continue;
      // A walker keeps what it found of one function: each has its own.
      const std::unique_ptr<Pass> own = pass->create();
      own->setPassRunner(this);
      own->runOnFunction(wasm, function.get());
    }
  }
}

}  // namespace wasm
