# Sourced by samples/try.sh and tests/run.sh: installs what is missing, then configures and builds.
# Usage: memlint_setup PRESET PACKAGE_GROUP...   (groups: build, test)

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# What a group installs; all of it are Debian 12 packages.
memlint_packages() {
  case "$1" in
    build) echo cmake ninja-build ccache clang-22 lld-22 libstdc++-12-dev llvm-22-dev zlib1g-dev libzstd-dev libcli11-dev libfmt-dev \
      nlohmann-json3-dev libtomlplusplus-dev ca-certificates ;;
    test) echo libgtest-dev libgmock-dev wabt python3 python3-jsonschema clang-format-22 clang-tidy-22 wasi-libc \
      libc++-22-dev-wasm32 libc++abi-22-dev-wasm32 libclang-rt-22-dev-wasm32 binaryen git rustc libstd-rust-dev-wasm32 \
      emscripten golang-1.19-go ;;
  esac
}

memlint_say() { printf '\n== %s\n' "$*"; }

memlint_install() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  # Node comes in several packages; whichever is there will do.
  command -v npm >/dev/null || missing+=(nodejs npm)
  [ ${#missing[@]} -eq 0 ] && return
  memlint_say "Installing ${#missing[@]} Debian packages: ${missing[*]}"
  local sudo=
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "run this as root, or install sudo" >&2; exit 2; }
    sudo=sudo
  fi
  $sudo apt-get update -qq
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

memlint_build() {
  local preset=$1
  # Paths below the repository do not count for ccache: another clone finds what this one compiled.
  export CCACHE_BASEDIR=$repo CCACHE_NOHASHDIR=1 CCACHE_MAXSIZE=${CCACHE_MAXSIZE:-5G}
  cd "$repo"
  memlint_say "Configuring (the first time fetches Binaryen's source with npm)"
  cmake --preset "$preset" "${@:2}" >"$repo/build/configure.log" 2>&1 || { cat "$repo/build/configure.log" >&2; exit 1; }
  memlint_say "Building (the first time compiles Binaryen: about ten minutes on two cores)"
  cmake --build --preset "$preset" | memlint_progress
}

# Ninja's line per file becomes a line per 10 %; everything else (warnings, errors) passes.
memlint_progress() {
  awk '
    match($0, /^\[[0-9]+\/[0-9]+\]/) {
      split(substr($0, 2, RLENGTH - 2), n, "/")
      step = int(n[1] * 10 / n[2])
      if (step != last || n[1] == n[2]) { printf "   %s of %s\n", n[1], n[2]; fflush(); last = step }
      next
    }
    { print; fflush() }'
}
