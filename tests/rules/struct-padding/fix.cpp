/// Comments travel with what they are about.
struct Reading {
  // whether there is one
  bool valid = true;
  /* in degrees */ double value;
  [[maybe_unused]] bool calibrated;  ///< since the start
};
Reading one{true, 2.0, false};
Reading two{.valid = false, .value = 1.0, .calibrated = true};
Reading many[100];

class Sensor {
public:
  Sensor(bool on, double scale) : on_(on), scale_(scale), failed_(false) {}
  double scale() const { return on_ && !failed_ ? scale_ : 0; }

private:
  bool on_;
  double scale_;
  bool failed_;
};
Sensor sensor(true, 2);
Sensor* placed(void* memory) { return static_cast<Sensor*>(memory); }

// Of the orders that are small enough one in which the guards are made and end as they were.
struct Guard {
  Guard();
  ~Guard();
  bool on;
};
struct Guarded {
  Guard first;
  double d;
  Guard second;
  float f;
  Guard third;
};
Guarded guarded[8];
