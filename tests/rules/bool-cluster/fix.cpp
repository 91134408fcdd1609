struct Options {
  int level;
  bool verbose = false;  // says more
  bool colour{true};
  bool strict;
  bool quiet;
  bool dry;
};
Options table[1000];

struct Shared {
  int level;
  bool a, b, c, d, e;
};
Shared shared[1000];

struct Spread {
  bool a;  ///< the first
  int i;
  bool b;
  int j;
  bool c;
  bool d;
  bool e;
};
Spread spread[1000];
void set(bool value) {
  spread[0].a = value;
  shared[1].e = spread[0].a;
}
