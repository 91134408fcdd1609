#include <cstdint>
#include <cstdio>

enum Kind { kNone, kLeaf, kBranch };
enum class State /* of a slot */ {
  idle,
  busy
};
enum class Colour : unsigned char { red, green };
typedef enum { kUp, kDown } Direction;
enum class Level : int { low = -1, high = 300 };

struct Item {
  std::uint32_t value;
  Kind kind;
  State state;
};
Item items[1000];
Colour palette[256];

class Walker {
public:
  enum Speed { kSlow, kFast };
  Walker(Direction direction, Speed speed) : direction_(direction), speed_(speed) {}
  int step() const { return direction_ == kUp ? speed_ + 1 : -1; }

private:
  Direction direction_;
  Speed speed_;
  Level level_ = Level::low;
};

int main() {
  Walker walker(kDown, Walker::kFast);
  for (std::size_t i = 0; i < sizeof palette / sizeof palette[0]; ++i) palette[i] = i % 2 == 0 ? Colour::red : Colour::green;
  std::printf("%d %d %d\n", walker.step(), items[1].kind, static_cast<int>(palette[3]));
}
