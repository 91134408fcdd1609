#pragma once

#include <string_view>
#include <vector>

#include "reading.h"

/// parse.cpp: "sensor,kind,value"; valid is false when it is none.
Reading parse_line(std::string_view line);

/// history.cpp
void remember(const Reading& reading);
const History& history_of(unsigned sensor);

/// report.cpp: written to standard output line by line.
void report(const std::vector<Reading>& readings);
