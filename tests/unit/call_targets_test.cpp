#include "analyzer/wasm/call_targets.h"

#include <gtest/gtest.h>

namespace wml {
namespace {

using Functions = std::vector<std::uint32_t>;
using enum FunctionPlace;

/// Three tables, of which the first holds function 7; a passive segment of function 8; a body that moves functions.
struct Module {
  ModuleFacts facts;
  ScanInput input;
  std::vector<BodySummary> bodies{1};
  std::vector<TableFact> tables{{.functions = {7}}, {}, {}};
  std::vector<ElementEntry> segments{{.functions = {8}}};
  std::vector<std::uint32_t> initial;

  CallTargets targets() {
    facts.functions.resize(10);
    return find_call_targets(facts, {bodies, input, tables, segments, initial});
  }
};

TEST(CallTargets, StayWhereTheyAreWithoutMoves) {
  Module module;
  module.bodies[0].references = {9};
  const CallTargets targets = module.targets();
  EXPECT_EQ(targets.tables[0].functions, Functions{7});
  EXPECT_TRUE(targets.tables[1].functions.empty());
  EXPECT_EQ(targets.references.functions, Functions{9});
  EXPECT_EQ(targets.all, (Functions{7, 8, 9}));
  EXPECT_FALSE(targets.tables[0].from_host_reference);
}

TEST(CallTargets, GoThroughSeveralPlaces) {
  Module module;
  // In an order that needs more than one turn: 0 -> references -> 1 -> 2.
  module.bodies[0].moves = {{table, 1, table, 2}, {references, 0, table, 1}, {table, 0, references, 0}};
  const CallTargets targets = module.targets();
  EXPECT_EQ(targets.tables[2].functions, Functions{7});
  EXPECT_TRUE(targets.tables[2].from_host_reference);
  EXPECT_FALSE(targets.tables[2].from_host_table);
}

TEST(CallTargets, ComeFromSegmentsAndTheHost) {
  Module module;
  module.tables[0].host_can_fill = true;
  module.bodies[0].moves = {{segment, 0, table, 1}, {table, 0, table, 1}, {segment, 5, table, 0}, {table, 0, table, 9}};
  const CallTargets targets = module.targets();
  EXPECT_EQ(targets.tables[1].functions, (Functions{7, 8}));
  EXPECT_TRUE(targets.tables[1].from_host_table);
  EXPECT_EQ(targets.host_holds, Functions{7});
}

TEST(CallTargets, AreAnywhereAfterAnUnknownInstruction) {
  Module module;
  module.facts.function_exports = {{"run", 3}};
  module.bodies[0].analysed = false;
  const CallTargets targets = module.targets();
  EXPECT_EQ(targets.tables[2].functions, (Functions{3, 7, 8}));
}

TEST(CallTargets, AreFunctionsThatThereAre) {
  Module module;
  module.bodies[0].references = {9, 10, 5'000'000};
  EXPECT_EQ(module.targets().references.functions, Functions{9});
}

}  // namespace
}  // namespace wml
