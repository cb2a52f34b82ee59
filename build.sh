#!/usr/bin/env bash
# Builds the toolchain from a fresh checkout on Debian 12, with one command:
#
#   ./build.sh          install what is missing, build blc (release), run the example
#   ./build.sh test     install what is missing, build everything (dev), run all tests
#   ./build.sh asan     the same under the address and undefined behaviour sanitizers
#   ./build.sh gcc      the same with the oldest supported GCC
#   ./build.sh nojit    the same without native code, which needs no LLVM library
#
# Installing is left out when nothing is missing, and needs root or sudo otherwise. Everything built
# goes to build/. Day-to-day work uses the CMake presets directly (CONTRIBUTING.md).

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export LC_ALL=C.UTF-8

PACKAGES=(
  # Compilers and build tools.
  clang-19 lld-19 libclang-rt-19-dev g++ libstdc++-12-dev cmake ninja-build ccache pkg-config git
  # Libraries.
  libfmt-dev nlohmann-json3-dev libsimdjson-dev libgmp-dev libpcre2-dev libutf8proc-dev
  zlib1g-dev libzstd-dev
  # Native code, which also needs clang-19 whatever compiler builds the rest.
  llvm-19-dev
  # Tests and measurements: lit and FileCheck, gtest, benchmark; a debugger for tests of native code.
  gdb llvm-19-tools python3 libgtest-dev libbenchmark-dev
)

say() { printf '==> %s\n' "$*" >&2; }
die() { printf 'build.sh: error: %s\n' "$*" >&2; exit 1; }

is_installed() {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null || true)" = installed ]
}

install_packages() {
  local missing=() as_root=() package
  command -v dpkg-query >/dev/null ||
    die "this script installs Debian packages; elsewhere, provide ${PACKAGES[*]} and use cmake"
  for package in "${PACKAGES[@]}"; do
    is_installed "$package" || missing+=("$package")
  done
  if [ ${#missing[@]} -eq 0 ]; then
    say "All ${#PACKAGES[@]} packages are installed"
    return
  fi
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null ||
      die "neither root nor sudo; have an administrator install: ${missing[*]}"
    as_root=(sudo)
  fi
  say "Installing ${missing[*]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y update ||
    die "apt-get update failed"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
    -o Dpkg::Use-Pty=0 install --no-install-recommends "${missing[@]}" ||
    die "apt-get install failed"
}

run_example() {
  say "Configuring build/release"
  cmake --preset release
  say "Building blc"
  cmake --build --preset release --target blc
  say "Running examples/quakes/quakes_stats.bl over examples/quakes/quakes.json"
  build/release/bin/blc run examples/quakes/quakes_stats.bl --input examples/quakes/quakes.json
}

run_tests() {
  say "Configuring, building and testing build/$1"
  cmake --workflow --preset "$1"
}

main() {
  local command="${1:-run}"
  [ $# -le 1 ] || die "one command at most; see the head of this script"
  case "$command" in
    run | test | asan | gcc | nojit) ;;
    *) die "unknown command '$command'; commands: run (default), test, asan, gcc, nojit" ;;
  esac
  # A bare environment has no home directory to keep the compiler cache in.
  [ -n "${HOME:-}" ] || export CCACHE_DIR="$PWD/build/ccache"
  install_packages
  case "$command" in
    run) run_example ;;
    test) run_tests dev ;;
    *) run_tests "$command" ;;
  esac
}

main "$@"
