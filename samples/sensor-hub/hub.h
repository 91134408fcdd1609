#pragma once

#include <string>
#include <vector>

#include "reading.h"

/// parse.cpp
std::vector<Reading> parse_readings(const std::string& input);

/// history.cpp
void remember(const Reading& reading);
History history_of(unsigned sensor);

/// report.cpp
std::string report(std::vector<Reading> readings);
