#pragma once

#include <cstdint>
#include <string>

/// One line of input: "sensor,kind,value".
struct Reading {
  bool valid;
  double value;
  bool calibrated;
  std::uint32_t sensor;
  bool over_limit;
  bool under_limit;
  bool repeated;
  char kind;
};

/// Ring buffer of the latest values of one sensor.
struct History {
  bool in_use;
  std::uint64_t count;
  bool full;
  float latest[64];
};
