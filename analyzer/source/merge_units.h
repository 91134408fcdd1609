#pragma once

#include <vector>

#include "rules/model/source_facts.h"

namespace wml {

/// Whether the units are all that there is: every one of the compilation database, and each was read.
enum class Coverage { some_units, whole_program };

/// The facts of several units as those of one program. A record that several units define is one record: its hazards,
/// initialisers and objects are united, and where layouts differ it must not be changed. Units for another target than
/// the first one's get an error instead.
SourceFacts merge_units(std::vector<SourceFacts>& units, Coverage coverage);

}  // namespace wml
