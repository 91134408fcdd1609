#include <cstring>
#include <utility>

// Too few of them, or beside what is aligned anyway.
struct Few {
  int i;
  bool a, b, c, d;
};
Few few[1000];
struct Eight {
  double x;
  bool a, b, c, d, e, f, g, h;
};
Eight eight[1000];

// One object, and code that reads it.
struct Single {
  int i;
  bool a, b, c, d, e;
};
Single single;
int sum() { return single.a + single.b + single.c + single.d + single.e; }

// Each of these binds a reference to the bools, or takes an address.
struct Bound {
  int i;
  bool a, b, c, d, e;
};
Bound bound[1000];
void take(const bool&);
template <class T>
void forward(T&& value) {
  take(value);
}
void uses(int i, bool choice) {
  const auto& a = bound[i].a;
  take(a);
  std::swap(bound[i].b, bound[i].c);
  (choice ? bound[i].d : bound[i].d) = true;
  forward(bound[i].e);
}

struct Parts {
  int i;
  bool a, b, c, d, e;
};
Parts parts[1000];
bool part() {
  auto& [i, a, b, c, d, e] = parts[0];
  return a;
}

struct Device {
  int i;
  volatile bool a, b, c, d, e;
};
Device device[1000];

struct Stored {
  int i;
  bool a, b, c, d, e;
};
Stored stored[1000];
bool same(const Stored& a, const Stored& b) { return std::memcmp(&a, &b, sizeof a) == 0; }

struct Pointed {
  int i;
  bool a, b, c, d, e;
};
Pointed pointed[1000];
bool Pointed::*flags[] = {&Pointed::a, &Pointed::b, &Pointed::c, &Pointed::d};
