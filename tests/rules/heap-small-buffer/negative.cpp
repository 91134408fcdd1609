#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <new>
#include <thread>
#include <utility>
#include <vector>

// Every one of them must be left alone.

int* global;
struct Holder {
  int* kept;
  std::vector<int> values;
  void keep(int* p) { kept = p; }
};
void unknown(int* values);
void takes(std::vector<int>& values);
void takes_const(const std::vector<int>& values);
std::function<int()> stored;

// LLVM takes it off the heap by itself.
int constant_index() {
  int* p = static_cast<int*>(std::malloc(64));
  p[3] = 7;
  const int value = p[3];
  std::free(p);
  return value;
}
int short_constant_loop() {
  int* p = new int[4];
  for (int i = 0; i < 4; ++i) p[i] = i;
  int total = 0;
  for (int i = 0; i < 4; ++i) total += p[i];
  delete[] p;
  return total;
}
void written_only(unsigned at) {
  char* p = new char[64];
  p[at] = 1;
  delete[] p;
}

// Escapes.
void to_global(unsigned at) {
  int* p = new int[16];
  p[at] = p[at + 1];
  global = p;
  delete[] p;
}
void to_member(Holder& holder, unsigned at) {
  int* p = new int[16];
  p[at] = p[at + 1];
  holder.kept = p;
  delete[] p;
}
void through_method(Holder& holder, unsigned at) {
  int* p = new int[16];
  p[at] = p[at + 1];
  holder.keep(p);
  delete[] p;
}
void to_unknown(unsigned at) {
  int* p = new int[16];
  p[at] = p[at + 1];
  unknown(p);
  delete[] p;
}
int* returned(unsigned at) {
  int* p = new int[16];
  p[at] = p[at + 1];
  if (at > 3) return p;
  delete[] p;
  return nullptr;
}
void by_reference(unsigned at) {
  int* p = new int[16];
  int*& alias = p;
  alias = new int[2];
  p[at] = p[at + 1];
  delete[] p;
}
void address_taken(int** out, unsigned at) {
  int* p = new int[16];
  p[at] = p[at + 1];
  int** where = &p;
  *out = *where;
  delete[] p;
}
void by_lambda(unsigned at) {
  int* p = new int[16];
  stored = [p, at] { return p[at]; };
  p[at] = p[at + 1];
  delete[] p;
}
void by_lambda_reference(unsigned at) {
  int* p = new int[16];
  auto swap = [&p] { p = new int[3]; };
  swap();
  p[at] = p[at + 1];
  delete[] p;
}
int other_pointer(unsigned at) {
  int* p = new int[16];
  int* q = p + 4;
  q[at] = 1;
  const int value = p[at];
  delete[] p;
  return value;
}
void through_integer(unsigned at) {
  int* p = new int[16];
  p[at] = p[at + 1];
  std::printf("%u", static_cast<unsigned>(reinterpret_cast<std::uintptr_t>(p)));
  delete[] p;
}
static void frees(int* p) { std::free(p); }
void freed_elsewhere(unsigned at) {
  int* p = static_cast<int*>(std::malloc(64));
  p[at] = p[at + 1];
  frees(p);
}
void never_freed(unsigned at) {
  int* p = static_cast<int*>(std::malloc(64));
  p[at] = p[at + 1];
}
void reallocated(unsigned at) {
  int* p = static_cast<int*>(std::malloc(64));
  p = static_cast<int*>(std::realloc(p, 128));
  p[at] = p[at + 1];
  std::free(p);
}
void reassigned(unsigned at) {
  int* p = new int[16];
  delete[] p;
  p = new int[32];
  p[at] = p[at + 1];
  delete[] p;
}
void moved(unsigned at) {
  auto p = std::make_unique<int[]>(16);
  p[at] = p[at + 1];
  auto q = std::move(p);
  q[at] = 1;
}
void released(unsigned at) {
  auto p = std::make_unique<int[]>(16);
  p[at] = p[at + 1];
  global = p.release();
}
std::unique_ptr<int[]> returned_owner(unsigned at) {
  auto p = std::make_unique<int[]>(16);
  p[at] = p[at + 1];
  return p;
}
void replaced(unsigned at) {
  auto p = std::make_unique<int[]>(16);
  p[at] = p[at + 1];
  p.reset(new int[5]);
}
std::vector<int> returned_vector(unsigned at) {
  std::vector<int> v(16);
  v[at] = v[at + 1];
  return v;
}
void grown(unsigned at) {
  std::vector<int> v(16);
  v.push_back(v[at]);
  v[at] = 3;
}
void swapped(Holder& holder, unsigned at) {
  std::vector<int> v(16);
  v[at] = v[at + 1];
  std::swap(v, holder.values);
}
void given_away(unsigned at) {
  std::vector<int> v(16);
  v[at] = v[at + 1];
  takes(v);
}
void type_wanted(unsigned at) {
  std::vector<int> v(16);
  v[at] = v[at + 1];
  takes_const(v);
}
void in_thread(unsigned at) {
  std::vector<int> v(16);
  stored = [v, at] { return v[at]; };
  v[at] = 3;
}

// No constant, or too large for a stack.
int unknown_size(unsigned count) {
  int* p = new int[count];
  for (unsigned i = 0; i < count; ++i) p[i] = static_cast<int>(i);
  const int value = p[count / 2];
  delete[] p;
  return value;
}
int large(unsigned at) {
  std::vector<int> v(20000);
  v[at] = 1;
  return v[at + 1];
}

// The function may be entered again while it runs.
int recursive(unsigned at) {
  int* p = new int[16];
  p[at] = static_cast<int>(at);
  const int value = at == 0 ? p[at + 1] : recursive(at - 1);
  delete[] p;
  return value;
}
int mutual_b(unsigned at);
int mutual_a(unsigned at) {
  int* p = new int[16];
  p[at] = static_cast<int>(at);
  const int value = p[at + 1] + mutual_b(at);
  delete[] p;
  return value;
}
int mutual_b(unsigned at) { return at == 0 ? 0 : mutual_a(at - 1); }

// Memory that comes from somewhere else.
alignas(int) char arena[64];
int placed(unsigned at) {
  int* p = new (arena) int[16];
  p[at] = 1;
  return p[at + 1];
}
struct Pooled {
  int values[8];
  static void* operator new(std::size_t);
  static void operator delete(void*);
};
int pooled(unsigned at) {
  Pooled* p = new Pooled;
  p->values[at] = 1;
  const int value = p->values[at + 1];
  delete p;
  return value;
}
struct Close {
  void operator()(int* p) const;
};
int own_deleter(unsigned at) {
  std::unique_ptr<int[], Close> p(new int[16]);
  p[at] = 1;
  return p[at + 1];
}
template <class T>
struct Arena {
  using value_type = T;
  T* allocate(std::size_t);
  void deallocate(T*, std::size_t);
  bool operator==(const Arena&) const { return true; }
};
int own_allocator(unsigned at) {
  std::vector<int, Arena<int>> v(16);
  v[at] = 1;
  return v[at + 1];
}

// Ways that the text does not show.
std::jmp_buf state;
int after_jump(unsigned at) {
  int* p = new int[16];
  if (setjmp(state) != 0) return 1;
  p[at] = 1;
  const int value = p[at + 1];
  delete[] p;
  return value;
}

// What holds for one instance of a template need not hold for another one.
template <class T>
T in_template(unsigned at) {
  T* p = new T[16]();
  p[at] = T{1};
  const T value = p[at + 1];
  delete[] p;
  return value;
}
template int in_template<int>(unsigned);

// Objects whose making and destruction run code.
struct Noisy {
  Noisy();
  ~Noisy();
  int values[4];
};
int noisy(unsigned at) {
  Noisy* p = new Noisy[2];
  p[0].values[at] = 1;
  const int value = p[1].values[at];
  delete[] p;
  return value;
}
