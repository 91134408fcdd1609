/* The same in C: a typedef, an anonymous struct. */
typedef struct {
  char kind;
  long long when;
  char unit;
} Event;

static Event events[8];

long long last(void) { return events[7].kind != 0 ? events[7].when : 0; }
