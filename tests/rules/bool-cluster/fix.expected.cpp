struct Options {
  int level;
  bool verbose = false;  // says more
  bool colour{true};
  bool strict : 1;
  bool quiet : 1;
  bool dry;
};
Options table[1000];

struct Shared {
  int level;
  bool a : 1, b : 1, c, d, e;
};
Shared shared[1000];

struct Spread {
  int j;
  int i;
  bool b : 1;
  bool c : 1;
  bool d;
  bool e;
  bool a;  ///< the first
};
Spread spread[1000];
void set(bool value) {
  spread[0].a = value;
  shared[1].e = spread[0].a;
}
