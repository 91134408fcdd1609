#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>

// Beside a field of four bytes, a narrower one only makes padding.
enum Kind { kNone, kLeaf };
struct Item {
  int value;
  Kind kind;
};
Item items[1000];
enum class Mode { a, b };
struct Wide {
  double value;
  Mode mode;
  int count;
};
Wide wides[1000];

// Nothing holds it.
enum class Result { ok, failed };
Result run();
Result last = Result::ok;
std::size_t count_of(const Result* results);

// Values that need all of it.
enum Code : std::uint32_t { kFirst = 1, kLast = 0xffffffff };
struct Coded {
  Code code;
  bool used;
};
Coded coded[100];
enum Forced { kOne, kForce32 = 0x7fffffff };
Forced forced[100];

// A flag that is not an enumerator.
enum Bits { kBit = 1 };
const Bits kHidden = static_cast<Bits>(1 << 20);
struct Masked {
  Bits bits;
  bool used;
};
Masked masked[100] = {{static_cast<Bits>(kBit | kHidden), true}};

// As narrow as it gets.
enum class Small : std::uint8_t { a, b };
struct Holder {
  Small small;
  int value;
};
Holder holders[100];

// Without enumerators it is an integer of its own.
enum class Index : unsigned {};
Index indices[100];

// Another order alone makes it as small.
enum class Shade { dark, light };
struct Dot {
  bool a;
  Shade shade;
  bool b;
  int x;
  bool c;
  bool d;
};
Dot dots[100];

// Its bytes are stored.
enum class Tag { a, b };
struct Stored {
  Tag tag;
  bool used;
};
Stored stored[100];
void save(std::FILE* file) { std::fwrite(stored, sizeof(Stored), 100, file); }

// Its size is agreed on.
enum class Agreed { a, b };
static_assert(sizeof(Agreed) == 4);
Agreed agreed[100];
enum class Fixed { a, b };
struct Layout {
  Fixed fixed;
  bool used;
};
static_assert(sizeof(Layout) == 8);
Layout layouts[100];

// One block of the heap takes as much before and after.
enum class Colour { red, black };
struct Node {
  Node* next;
  Colour colour;
  bool marked;
};
Node* make() { return new Node; }
