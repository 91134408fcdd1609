#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "rules/model/location.h"

/// What functions do with the heap, as far as one translation unit shows it. Only what is certain becomes a fact: where
/// an extractor cannot follow a pointer there is none. Sizes are bytes of the wasm target.
namespace wml {

/// How memory is asked for.
enum class AllocationForm : std::uint8_t {
  malloc,
  new_object,
  new_array,
  unique_object,
  unique_array,
  vector,
  string,
  deque,
  string_stream,
  concatenation,  ///< `s = s + x`: the name is that of `s`
};

/// What is known about leaving the heap: see AllocationFact::reach.
enum class Reach : std::uint8_t {
  unknown,   ///< another owner may take it, or it may be used when the variable is gone
  shown,     ///< functions may look at it, or keep a pointer to it, until it is freed where its variable ends
  scoped,    ///< it is freed when its variable's scope ends, whoever looks at it meanwhile
  confined,  ///< besides, nothing keeps a pointer to it: each use stands in the function
};

/// A stretch in which a buffer is kept that is not used any more, and more memory is asked for.
struct IdleStretch {
  SourceLocation last_use;
  SourceLocation next_allocation;
  std::uint64_t next_bytes = 0;  ///< what that asks for at least
};

/// Text edits that put the memory on the stack; made only where each use means the same then.
struct StackEdit {
  SourceLocation declaration;             ///< its first character
  std::uint64_t length = 0;               ///< of the whole declaration, its semicolon included
  std::string text;                       ///< what stands there afterwards
  std::optional<SourceLocation> release;  ///< of the statement that frees it: goes away
  std::uint64_t release_length = 0;
};

/// A text edit that makes `s += x` of `s = s + x`; made only where that means the same.
struct AppendEdit {
  SourceLocation where;
  std::uint64_t length = 0;
  std::string text;
};

/// Memory that a local variable owns, and that is freed in the same function.
struct AllocationFact {
  AllocationForm form = AllocationForm::malloc;
  Reach reach = Reach::unknown;
  std::string name;     ///< of the variable
  std::string type;     ///< of the variable, as it is written
  std::string element;  ///< type of what is allocated
  std::string function;
  SourceLocation where;
  std::optional<std::uint64_t> bytes;  ///< asked for at once, where that is a constant
  std::string size_text;               ///< as it is written, or empty
  bool steady = false;                 ///< not a constant, but the same in each iteration of `loop`
  bool zeroed = false;                 ///< it starts with zeros
  bool kept_by_optimiser = false;      ///< LLVM at -O2 leaves it in the heap, by the way it is used
  bool recursive = false;              ///< the function can be entered again while it runs, as far as the unit shows
  bool resized = false;                ///< a container that changes its size after it was made
  std::optional<SourceLocation> loop;  ///< the innermost loop that makes and drops it in each iteration
  std::optional<std::uint64_t> iterations;  ///< of that loop, where that is a constant
  std::optional<IdleStretch> idle;
  std::optional<StackEdit> stack_edit;
  std::optional<AppendEdit> append_edit;
};

/// A loop that appends to an empty vector or string as often as is known before it starts.
struct AppendLoopFact {
  std::string name;  ///< of the vector
  std::string type;  ///< of the vector, as it is written
  std::string function;
  SourceLocation where;  ///< of the appending call
  SourceLocation loop;
  std::uint64_t element_bytes = 0;
  std::optional<std::uint64_t> count;  ///< appended elements, where that is a constant
  std::string count_text;              ///< the same as an expression that can stand before the loop
  bool trusted = false;                ///< a constant, or the size of something that exists: it comes from no input
  bool editable = false;               ///< a line can be put before the loop:
  SourceLocation insertion;            ///< here, also before the loop's comment
  std::string indentation;             ///< of that line
};

/// A whole file or stream in a container that is walked once.
struct WholeInputFact {
  std::string name;
  std::string type;
  std::string function;
  SourceLocation where;
  SourceLocation walk;  ///< where it is walked
};

enum class CopyKind : std::uint8_t {
  parameter,         ///< a parameter by value that is only read
  range_for,         ///< the variable of a range-based for, only read
  range_conversion,  ///< a range-based for binds a reference to a converted copy of each element
  initialisation,    ///< a variable made from an object, only read
  capture,           ///< a lambda that is called at once, or by a standard algorithm, only reads what it captured
  unmoved,           ///< a parameter by value whose one use is to be copied on
  const_result,      ///< a constant local variable is returned, and so cannot be moved from
  member_result,     ///< what a getter returns by value is a copy of a member
  argument_result,   ///< what a function returns is a copy of one of its arguments, or of a part of it
};

/// A copy of something that owns heap memory, where a reference, a view or a move would do.
struct CopyFact {
  CopyKind kind = CopyKind::parameter;
  std::string name;    ///< of the variable that holds the copy; empty where it has no name
  std::string type;    ///< as it is written
  std::string source;  ///< what is copied: an expression, or the getter's member
  std::string function;
  SourceLocation where;
  std::string callee;  ///< the function whose result is the copy
  std::optional<SourceLocation> callee_where;
  bool contiguous = false;                  ///< a span or a view can stand for it
  bool part = false;                        ///< a part may be copied, not all of it
  std::uint64_t short_characters = 0;       ///< strings: up to this many have no memory in the heap
  std::optional<std::uint64_t> heap_bytes;  ///< that are copied, where that is a constant
  std::optional<SourceLocation> loop;       ///< the loop in which it is made, once per iteration
  std::optional<std::uint64_t> iterations;
};

}  // namespace wml
