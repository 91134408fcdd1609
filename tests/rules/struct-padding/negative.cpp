// Nothing here is to be reported: another order gains nothing, or must not be made.
#include <compare>
#include <cstddef>
#include <cstring>

using u64 = unsigned long long;

struct OneGap {
  bool a;
  u64 b;
};
struct BestOnWasm {
  bool a;
  void* b;
  u64 c;
};
struct Sorted {
  double d;
  int i;
  short s;
  char c;
};

union Union {
  struct {
    bool a;
    double d;
    bool b;
  } inner;
  long long whole;
};

struct __attribute__((packed)) Packed {
  bool a;
  double d;
  bool b;
};

#pragma pack(push, 2)
struct PackedByPragma {
  char a;
  double d;
  char b;
  short s;
  char c;
};
#pragma pack(pop)

struct alignas(64) OwnLine {
  bool a;
  double d;
  bool b;
};
struct OverAlignedField {
  bool a;
  alignas(16) int lock;
  bool b;
};

struct Virtual : virtual OneGap {
  bool x;
  double d;
  bool y;
};

struct Device {
  bool a;
  volatile double d;
  bool b;
};
struct Counter {
  bool a;
  _Atomic(long long) n;
  bool b;
};

struct Asserted {
  bool a;
  double d;
  bool b;
};
static_assert(sizeof(Asserted) == 24);

struct Offsets {
  bool a;
  double d;
  bool b;
};
std::size_t offset() { return offsetof(Offsets, d); }

struct Copied {
  bool a;
  double d;
  bool b;
};
void store(unsigned char* to, const Copied& from) { std::memcpy(to, &from, sizeof from); }

struct Compared {
  int a;
  double d;
  int b;
  auto operator<=>(const Compared&) const = default;
};

struct ReadsOther {
  bool a;
  double d = 1;
  bool b = d > 0;
};

struct Empty {};
struct Empties {
  bool a;
  [[no_unique_address]] Empty e;
  double d;
  bool b;
};

double captures(bool a, double d, bool b) {
  auto lambda = [a, d, b] { return a && b ? d : 0; };
  return lambda();
}
