#pragma once

#include <vector>

#include "rules/model/finding.h"

namespace wml {

/// Of a rule's findings at one place of the sources, of which the instances of a template make as many as there are,
/// the one that saves most, with a note on the others. What they save of static data adds up: they are different
/// objects. Findings are sorted by place, those of a rule together.
std::vector<Finding> one_per_place(std::vector<Finding> findings);

}  // namespace wml
