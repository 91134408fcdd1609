# clang-tidy and clangd with our checks in them, from the archives of libclang-22-dev. Each is left out, with a message,
# where something that it needs is not installed.

# Sets OUT to the archives of LLVM's folder with these names, and adds those that are not there to the list TO_MISSING.
function(memlint_find_archives out to_missing)
  set(found)
  foreach(name IN LISTS ARGN)
    find_library(MEMLINT_ARCHIVE_${name} NAMES lib${name}.a HINTS ${LLVM_LIBRARY_DIRS} NO_DEFAULT_PATH)
    mark_as_advanced(MEMLINT_ARCHIVE_${name})
    if(MEMLINT_ARCHIVE_${name})
      list(APPEND found ${MEMLINT_ARCHIVE_${name}})
    else()
      list(APPEND ${to_missing} lib${name}.a)
    endif()
  endforeach()
  set(${out} ${found} PARENT_SCOPE)
  set(${to_missing} ${${to_missing}} PARENT_SCOPE)
endfunction()

# A program of ARCHIVES, which need each other in no order, and of LIBRARIES behind them.
function(memlint_relinked name main)
  cmake_parse_arguments(arg "" "" "ARCHIVES;LIBRARIES;MISSING" ${ARGN})
  if(arg_MISSING)
    list(JOIN arg_MISSING ", " missing)
    message(STATUS "${name} is not built: ${missing} not found")
    return()
  endif()
  add_executable(${name} ${main})
  target_link_libraries(${name} PRIVATE memlint_tidy_module -Wl,--start-group ${arg_ARCHIVES} -Wl,--end-group
    ${MEMLINT_CLANG_CPP} ${MEMLINT_LLVM} ${arg_LIBRARIES})
  target_link_options(${name} PRIVATE -Wl,--gc-sections)
endfunction()

file(GLOB tidy_modules ${LLVM_LIBRARY_DIRS}/libclangTidy*Module.a)
set(missing)
memlint_find_archives(tidy_archives missing clangTidy clangTidyUtils clangIncludeCleaner clangQuery)
list(APPEND tidy_archives ${tidy_modules})

set(tidy_missing ${missing})
memlint_find_archives(tidy_main tidy_missing clangTidyMain)
memlint_relinked(wasm-memlint-clang-tidy clang_tidy_main.cpp
  ARCHIVES ${tidy_main} ${tidy_archives} MISSING ${tidy_missing})

# Debian's clangd can ask an index server, for which its archives need gRPC, Protocol Buffers and Abseil.
memlint_find_archives(clangd_archives missing clangdMain clangDaemon clangdSupport clangdRemoteIndex
  clangdRemoteIndexProto clangdRemoteIndexServiceProto clangdRemoteMarshalling clangdMonitoringServiceProto)
memlint_find_archives(clangd_tweaks missing clangDaemonTweaks)
set(clangd_libraries)
foreach(library protobuf grpc++ grpc gpr absl_synchronization)
  find_library(MEMLINT_LIBRARY_${library} NAMES ${library})
  mark_as_advanced(MEMLINT_LIBRARY_${library})
  if(MEMLINT_LIBRARY_${library})
    list(APPEND clangd_libraries ${MEMLINT_LIBRARY_${library}})
  else()
    list(APPEND missing lib${library})
  endif()
endforeach()
# Its refactorings register themselves: nothing names them.
memlint_relinked(wasm-memlint-clangd clangd_main.cpp
  ARCHIVES ${clangd_archives} -Wl,--whole-archive ${clangd_tweaks} -Wl,--no-whole-archive ${tidy_archives}
  LIBRARIES ${clangd_libraries} -Wl,--allow-shlib-undefined
  MISSING ${missing})
