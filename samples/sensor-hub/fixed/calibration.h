#pragma once

#include <array>
#include <cstddef>

/// The correction for each of 1,024 raw steps.
constexpr std::array<float, 1024> make_curve() {
  std::array<float, 1024> curve{};
  float drift = 0.125F;
  for (std::size_t i = 0; i < curve.size(); ++i) {
    drift = drift * 0.9975F + static_cast<float>(i % 7) * 0.0031F;
    curve[i] = 1.0F + drift;
  }
  return curve;
}

inline constexpr std::array<float, 1024> kCurve = make_curve();
