// Bases and fields: what Clang's analyzer names as its known misses (docs/record-layout.md).

struct Odd {
  char text[129];
};
struct BehindOdd : Odd {  // fires
  int number;
  char one;
};
struct BehindOddWithTwo : Odd {  // fires
  char one;
  int number;
  char two;
};

struct Gap {  // fires
  char one;
  int number;
  char two;
};
struct Full {
  int number;
  short a, b;
};

struct OneBase : Gap {  // fires
  char one2;
  int number2;
  char two2;
};
struct OneBaseAndTable : Gap {  // fires
  virtual void run() {}
  char one2;
  int number2;
  char two2;
};
struct Table : Full {
  virtual void run() {}
};
struct BaseWithTable : Table {  // fires
  char one2;
  int number2;
  char two2;
};
struct TwoBases : Gap, Full {  // fires
  char one2;
  int number2;
  char two2;
};
struct TwoBasesAndTable : Gap, Full {  // fires
  virtual void run() {}
  char one2;
  int number2;
  char two2;
};
struct TwoBasesOneWithTable : Table, Gap {  // fires
  char one2;
  int number2;
  char two2;
};

struct Nothing {};
struct EmptyBase : Nothing {  // fires
  char one;
  int number;
  char two;
};
// Not reported: its empty members and base must not share an address, which the layout does not follow.
struct EmptyBaseAndMembers : Nothing {
  Nothing one;
  int number;
  Nothing two;
};

BehindOddWithTwo behind[99];
