#include <algorithm>
#include <cstdio>

#include "calibration.h"
#include "hub.h"

namespace {

// Room for the longest report that anybody asked for.
char page[256 * 1024];

std::vector<double> values_of(std::vector<Reading> readings, unsigned sensor) {
  std::vector<double> values;
  for (const Reading& reading : readings) {
    if (reading.valid && reading.sensor == sensor) values.push_back(reading.value);
  }
  return values;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

std::string report(std::vector<Reading> readings) {
  std::size_t used = 0;
  float worst = 0;
  for (const float factor : kCurve) worst = std::max(worst, factor);
  used += static_cast<std::size_t>(std::snprintf(page + used, sizeof page - used, "worst correction %.3f\n", static_cast<double>(worst)));
  for (unsigned sensor = 0; sensor < 96; ++sensor) {
    const std::vector<double> values = values_of(readings, sensor);
    if (values.empty()) continue;
    const History history = history_of(sensor);
    used += static_cast<std::size_t>(std::snprintf(page + used, sizeof page - used, "sensor %u: %zu readings, median %.2f, last %.2f\n", sensor,
                                                   values.size(), median(values), static_cast<double>(history.latest[(history.count - 1) % 64])));
  }
  return std::string(page, used);
}
