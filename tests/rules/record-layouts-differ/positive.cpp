//--- records.h
#pragma once
#ifdef CHECKED
#define EXTRA int checks;
#else
#define EXTRA
#endif
struct Job {  // fires
  int id;
  EXTRA
  double cost;
};
struct Order {  // fires
#ifdef CHECKED
  short first, second;
#else
  short second, first;
#endif
};
struct Plain {
  int id;
};
//--- one.cpp
#define CHECKED
#include "records.h"
int cost(const Job* job) { return static_cast<int>(job->cost) + job->checks; }
//--- two.cpp
#include "records.h"
int cost(const Job* job) { return static_cast<int>(job->cost); }
//--- three.cpp
#include "records.h"
