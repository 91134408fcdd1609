# Binaryen 132, static, from its npm source package (or -DMEMLINT_BINARYEN_SOURCE=...).
#
# Its compile flags depend on nothing of ours, so that no preset or change here makes ccache miss:
# it is always optimised, always has its assertions (its WASM_UNREACHABLE is undefined behaviour without
# them), and is always built with THROW_ON_FATAL (its Fatal() would end the process otherwise).

set(MEMLINT_BINARYEN_PACKAGE "@grain/libbinaryen@132.0.0")
set(MEMLINT_BINARYEN_SHA512
  22a8cf16db927f1b2462b43decaf2230681ca57a9077e339b3259dbd050d615ccb123dd89ed7ff392216a5cd7ecae63bfd39fe2123a90a1e6901fc0237295ec9)

# Sets `out` to an unpacked source tree, fetching it into `folder` when it is not there yet.
function(memlint_fetch_binaryen folder out)
  set(archive ${folder}/grain-libbinaryen-132.0.0.tgz)
  set(source ${folder}/libbinaryen/binaryen)
  set(${out} ${source} PARENT_SCOPE)
  if(EXISTS ${folder}/unpacked)
    return()
  endif()
  file(MAKE_DIRECTORY ${folder})
  if(NOT EXISTS ${archive})
    find_program(MEMLINT_NPM npm REQUIRED)
    message(STATUS "Fetching Binaryen 132 (npm pack ${MEMLINT_BINARYEN_PACKAGE})")
    execute_process(COMMAND ${MEMLINT_NPM} pack --silent ${MEMLINT_BINARYEN_PACKAGE}
      WORKING_DIRECTORY ${folder} RESULT_VARIABLE failed OUTPUT_QUIET ERROR_VARIABLE why)
    if(failed)
      message(FATAL_ERROR "npm pack ${MEMLINT_BINARYEN_PACKAGE} failed: ${why}\n"
        "Name an unpacked source tree with -DMEMLINT_BINARYEN_SOURCE=... instead.")
    endif()
  endif()
  file(SHA512 ${archive} sum)
  if(NOT sum STREQUAL MEMLINT_BINARYEN_SHA512)
    file(REMOVE ${archive})
    message(FATAL_ERROR "${archive}: sha512 is ${sum}, expected ${MEMLINT_BINARYEN_SHA512}; the file was removed")
  endif()
  file(ARCHIVE_EXTRACT INPUT ${archive} DESTINATION ${folder})
  file(TOUCH ${folder}/unpacked)
endfunction()

# LLVM 22 supplies the headers that Binaryen's suffix_tree.h wants, and a demangler that knows Rust. Binaryen's own old
# copy of LLVM (BUILD_LLVM_DWARF) must never be linked into the same image: both live in namespace llvm. Where LLVM is
# not installed that copy serves, and names of Rust's newer scheme stay mangled.
find_package(LLVM 22.1 QUIET CONFIG HINTS /usr/lib/llvm-22)
if(NOT LLVM_FOUND)
  message(STATUS "LLVM 22's development files (llvm-22-dev) were not found: the module side is built alone")
endif()

function(memlint_add_binaryen)
  set(source ${MEMLINT_BINARYEN_SOURCE})
  if(NOT source)
    memlint_fetch_binaryen(${PROJECT_BINARY_DIR}/../binaryen-132 source)
  endif()
  if(NOT EXISTS ${source}/src/wasm-binary.h)
    message(FATAL_ERROR "${source} is no Binaryen source tree (src/wasm-binary.h is missing)")
  endif()
  set(CMAKE_BUILD_TYPE Release)
  set(CMAKE_CXX_FLAGS "")
  set(CMAKE_CXX_FLAGS_RELEASE "-O2")
  set(CMAKE_POLICY_DEFAULT_CMP0077 NEW)
  set(CMAKE_EXPORT_COMPILE_COMMANDS OFF)
  set(BUILD_TESTS OFF)
  set(BUILD_TOOLS OFF)
  set(BUILD_SHARED_LIBS OFF)
  set(BUILD_LLVM_DWARF ON)
  if(LLVM_FOUND)
    set(BUILD_LLVM_DWARF OFF)
  endif()
  set(INSTALL_LIBS OFF)
  set(ENABLE_WERROR OFF)
  add_compile_definitions(THROW_ON_FATAL)
  include_directories(SYSTEM ${LLVM_INCLUDE_DIRS})
  add_subdirectory(${source} ${PROJECT_BINARY_DIR}/binaryen EXCLUDE_FROM_ALL SYSTEM)
  target_compile_options(binaryen PRIVATE -w)
  target_compile_definitions(binaryen INTERFACE THROW_ON_FATAL)
  target_include_directories(binaryen SYSTEM INTERFACE
    ${source}/src ${source}/third_party/FP16/include ${PROJECT_BINARY_DIR}/binaryen)
endfunction()
memlint_add_binaryen()
