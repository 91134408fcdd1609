// Every record here gets smaller in another order.

struct Plain {  // fires
  bool a;
  double d;
  bool b;
};

struct Base {
  int id;
  ~Base();
};
struct Derived : Base {  // fires
  double d;
  int i;
};

struct Polymorphic {  // fires
  virtual void run();
  double d;
  int i;
};

struct Arrays {  // fires
  char name[3];
  int numbers[2];
  char tag[1];
  short s;
};

struct Flags {  // fires
  char c;
  int i;
  unsigned char x : 3;
  unsigned char y : 3;
  int j;
};

template <class T>
struct Box {  // fires
  char c;
  T value;
  char d;
};
Box<double> box;

Plain plains[1000];
