#include "extract/heap_use.h"

#include "extract/allocations.h"
#include "extract/append_loops.h"
#include "extract/concatenations.h"
#include "extract/copies.h"
#include "extract/function_body.h"
#include "extract/string_streams.h"
#include "extract/whole_inputs.h"

namespace wml::extract {

void add_heap_use(clang::ASTContext& context, const Places& places, const UnitNodes& nodes, SourceFacts& facts) {
  const Functions functions(context, places, nodes);
  for (const clang::FunctionDecl* function : functions.written()) {
    if (functions.body_of(*function).is_opaque()) continue;
    add_allocations(*function, functions, places, facts.allocations);
    add_whole_inputs(*function, functions, places, facts.whole_inputs);
    if (!context.getLangOpts().CPlusPlus) continue;
    add_concatenations(*function, functions, places, facts.allocations);
    add_string_streams(*function, functions, places, facts.allocations);
    add_append_loops(*function, functions, places, facts.append_loops);
  }
  if (context.getLangOpts().CPlusPlus) facts.copies = read_copies(functions, places);
}

}  // namespace wml::extract
