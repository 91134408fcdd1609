#pragma once

#include <optional>
#include <string>

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"

namespace wml::extract {

/// A class template of the standard library, by its name, where it is the instance that a type is; null otherwise, and
/// where the memory comes from an allocator or goes to a deleter that is not the standard one.
const clang::ClassTemplateSpecializationDecl* as_standard(clang::QualType type, llvm::StringRef name);

/// The type argument at `i`; null where there is none.
clang::QualType type_argument(const clang::ClassTemplateSpecializationDecl& made, unsigned i);

/// The type of the elements of a container that is an instance of one of std's templates; null for other types.
clang::QualType element_type(clang::QualType container);

bool is_string(clang::QualType type);
bool is_vector(clang::QualType type);

/// Whether a copy of an object allocates.
enum class HeapCopy { never, if_long, yes, unknown };
HeapCopy copy_allocates(clang::QualType type);

/// Whether copying, making and destroying it runs no code and reads no other memory.
bool is_plain_data(clang::QualType type, const clang::ASTContext& context);

/// Characters that std::string of libc++ holds without memory in the heap: 10 of char on wasm32, 22 on wasm64.
std::uint64_t small_string_bytes(const clang::ASTContext& context);

/// A type as it would be written in the source: no `std::__1::`, no default arguments.
std::string type_text(clang::QualType type, const clang::ASTContext& context);

/// std's templates that keep their elements in the heap.
bool is_container(llvm::StringRef name);

}  // namespace wml::extract
