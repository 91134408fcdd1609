// What units see of a record may differ where its layout does not; and what has one name in two files may belong to two
// programs.
//--- records.h
#pragma once
struct Job {
  int id;
#ifdef CHECKED
  int checks() const { return id; }
  static int all;
#endif
  double cost;
};
//--- one.cpp
#define CHECKED
#include "records.h"
struct Fixture {
  int first;
};
Fixture fixture;
//--- two.cpp
#include "records.h"
struct Fixture {
  double first, second;
};
Fixture other(const Job& job) { return {job.cost, job.cost}; }
