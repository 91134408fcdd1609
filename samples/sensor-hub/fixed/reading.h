#pragma once

#include <cstdint>
#include <string>

/// One line of input: "sensor,kind,value".
struct Reading {
  double value;
  std::uint32_t sensor;
  char kind;
  bool valid : 1;
  bool calibrated : 1;
  bool over_limit : 1;
  bool under_limit : 1;
  bool repeated : 1;
};

/// Ring buffer of the latest values of one sensor.
struct History {
  std::uint64_t count;
  float latest[64];
};
