#include <cstdlib>

#include "calibration.h"
#include "hub.h"

namespace {

std::vector<std::string> split(std::string text, char at) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    std::size_t end = text.find(at, begin);
    if (end == std::string::npos) end = text.size();
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

Reading parse_line(std::string line) {
  const std::vector<std::string> fields = split(line, ',');
  Reading reading{};
  if (fields.size() != 3 || fields[1].empty()) return reading;
  reading.valid = true;
  reading.sensor = static_cast<std::uint32_t>(std::atoi(fields[0].c_str()));
  reading.kind = fields[1][0];
  reading.value = std::atof(fields[2].c_str());
  const auto step = static_cast<std::size_t>(reading.value) % kCurve.size();
  reading.value *= static_cast<double>(kCurve[step]);
  reading.calibrated = true;
  reading.over_limit = reading.value > 900;
  reading.under_limit = reading.value < 10;
  return reading;
}

}  // namespace

std::vector<Reading> parse_readings(const std::string& input) {
  std::vector<Reading> readings;
  for (std::string line : split(input, '\n')) {
    if (!line.empty()) readings.push_back(parse_line(line));
  }
  return readings;
}
