#include <cstdlib>

#include "calibration.h"
#include "hub.h"

Reading parse_line(std::string_view line) {
  Reading reading{};
  const std::size_t first = line.find(',');
  const std::size_t second = first == std::string_view::npos ? first : line.find(',', first + 1);
  if (second == std::string_view::npos || second == first + 1 || line.find(',', second + 1) != std::string_view::npos) return reading;
  // The line ends in a zero byte: atoi and atof stop at the comma and at the end.
  reading.valid = true;
  reading.sensor = static_cast<std::uint32_t>(std::atoi(line.data()));
  reading.kind = line[first + 1];
  reading.value = std::atof(line.data() + second + 1);
  const auto step = static_cast<std::size_t>(reading.value) % kCurve.size();
  reading.value *= static_cast<double>(kCurve[step]);
  reading.calibrated = true;
  reading.over_limit = reading.value > 900;
  reading.under_limit = reading.value < 10;
  return reading;
}
