#include <string>
#include <vector>

// Several findings, some without a fix, with per cent signs in names that a format string must not read.
template <class T>
struct Box {
  char tag;
  T value;
  char end;
};

struct Base {
  virtual ~Base();
  bool open;
  double size;
  bool dirty;
};

struct Asserted {
  bool a;
  double d;
  bool b;
};
static_assert(sizeof(Asserted) == 24);

struct Named {
  bool first;
  long long id;
  bool second;
  std::string text;
  std::vector<Box<double>> boxes;
};

Box<double> box;
Base bases[9];
Named named[9];
long long use(const Asserted& a) { return static_cast<long long>(a.d + box.value) + named[0].id; }
