#include <array>
#include <cstdint>

// 12 bytes that become 8.
enum Kind { kNone, kLeaf, kBranch };  // fires
struct Item {
  std::uint32_t value;
  Kind kind;
  bool dirty;
};
Item items[1000];

// 8 bytes aligned to four that become 2.
enum class State { idle, busy, failed };  // fires
struct Slot {
  State state;
  bool used;
};
Slot slots[100];

// An array of it.
enum class Colour : unsigned { red, green, blue };  // fires
Colour palette[256];
enum class Tone { low, high };  // fires
std::array<Tone, 64> tones;

// Two bytes hold these.
enum Port { kHttp = 80, kAlternative = 8080 };  // fires
struct Service {
  Port port;
  std::uint16_t weight;
};
Service services[10];

// A signed byte does.
enum class Level { lowest = -1, none, highest };  // fires
struct Gauge {
  int value;
  Level level;
  signed char trend;
};
Gauge gauge[5];

// Arrays of it inside of a record, and typedef names.
typedef enum { kUp, kDown, kLeft, kRight } Direction;  // fires
struct Path {
  Direction steps[16];
  int length;
};
Path paths[8];

// Only in another order: 16 bytes that become 12.
enum class Unit { metre, second };  // fires
struct Measure {
  Unit unit;
  float value;
  Unit per;
  float error;
};
Measure measures[50];

// Flags: what they make together fits.
enum Flags { kA = 1, kB = 2, kC = 128 };  // fires
constexpr Flags operator|(Flags a, Flags b) { return static_cast<Flags>(static_cast<int>(a) | static_cast<int>(b)); }
struct Options {
  Flags flags;
  bool set;
};
Options options[20] = {{kA | kC, true}};
