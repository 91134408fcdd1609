struct Options {  // fires
  int level;
  bool verbose, colour, strict, quiet, dry;
};
Options table[1000];

// Together with another order.
struct Spread {  // fires
  bool a;
  int i;
  bool b;
  int j;
  bool c, d, e;
};
Spread spread[1000];

// Nobody knows how many there are: it says how many pay for the code.
struct Node {  // fires
  Node* next;
  bool a, b, c, d, e;
};
Node* make(bool a) {
  Node* node = new Node;
  node->a = a;
  return node;
}

// One that must stay a bool does not keep the others from it.
struct Watched {  // fires
  int i;
  bool a, b, c, d, e, f;
};
Watched watched[1000];
bool* watch() { return &watched[0].a; }
