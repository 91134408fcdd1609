#include <algorithm>
#include <cstdio>

#include "calibration.h"
#include "hub.h"

void report(const std::vector<Reading>& readings) {
  float worst = 0;
  for (const float factor : kCurve) worst = std::max(worst, factor);
  std::printf("worst correction %.3f\n", static_cast<double>(worst));
  std::vector<double> values;
  for (unsigned sensor = 0; sensor < 96; ++sensor) {
    values.clear();
    for (const Reading& reading : readings) {
      if (reading.valid && reading.sensor == sensor) values.push_back(reading.value);
    }
    if (values.empty()) continue;
    std::sort(values.begin(), values.end());
    const History& history = history_of(sensor);
    std::printf("sensor %u: %zu readings, median %.2f, last %.2f\n", sensor, values.size(), values[values.size() / 2],
                static_cast<double>(history.latest[(history.count - 1) % 64]));
  }
}
