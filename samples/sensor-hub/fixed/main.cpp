#include <cstdio>
#include <cstring>

#include "hub.h"

int main() {
  std::vector<Reading> readings;
  char line[256];
  while (std::fgets(line, sizeof line, stdin) != nullptr) {
    line[std::strcspn(line, "\n")] = '\0';
    const Reading reading = parse_line(line);
    if (!reading.valid) continue;
    remember(reading);
    readings.push_back(reading);
  }
  report(readings);
  return 0;
}
