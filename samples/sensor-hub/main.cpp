#include <cstdio>

#include "hub.h"

namespace {

std::string read_all() {
  std::string input;
  char block[4096];
  for (std::size_t got; (got = std::fread(block, 1, sizeof block, stdin)) > 0;) input.append(block, got);
  return input;
}

}  // namespace

int main() {
  const std::vector<Reading> readings = parse_readings(read_all());
  for (const Reading& reading : readings) {
    if (reading.valid) remember(reading);
  }
  const std::string text = report(readings);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return 0;
}
