/// Comments travel with what they are about.
struct Reading {
  /* in degrees */ double value;
  [[maybe_unused]] bool calibrated;  ///< since the start
  // whether there is one
  bool valid = true;
};
Reading one{2.0, false, true};
Reading two{.value = 1.0, .calibrated = true, .valid = false};
Reading many[100];

class Sensor {
public:
  Sensor(bool on, double scale) : scale_(scale), failed_(false), on_(on) {}
  double scale() const { return on_ && !failed_ ? scale_ : 0; }

private:
  double scale_;
  bool failed_;
  bool on_;
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
  double d;
  Guard first;
  Guard second;
  Guard third;
  float f;
};
Guarded guarded[8];
