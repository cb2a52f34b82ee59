// The counted loops of the scoreboard in C++ with the arithmetic of the language: 64-bit integers
// whose overflow is noticed, and doubles. What native code is compared with.
//
//   clang++-19 -O2 -std=c++20 kernels.cpp -o kernels && ./kernels kernel_loop 30000000

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {

/// Where the language would go on with big integers.
[[noreturn, gnu::cold, gnu::noinline]] void overflowed() {
  std::fputs("overflow\n", stderr);
  std::exit(1);
}

int64_t add(int64_t a, int64_t b) {
  int64_t sum;
  if (__builtin_add_overflow(a, b, &sum))
    overflowed();
  return sum;
}

int64_t subtract(int64_t a, int64_t b) {
  int64_t difference;
  if (__builtin_sub_overflow(a, b, &difference))
    overflowed();
  return difference;
}

int64_t multiply(int64_t a, int64_t b) {
  int64_t product;
  if (__builtin_mul_overflow(a, b, &product))
    overflowed();
  return product;
}

int64_t kernelLoop(int64_t n) {
  int64_t s = 0;
  for (int64_t i = 1; i <= n; ++i)
    s = i % 3 == 0 ? add(s, multiply(i, 2)) : subtract(s, i);
  return s;
}

double kernelFloat(int64_t n) {
  double x = 0.5, sum = 0;
  for (int64_t i = 1; i <= n; ++i) {
    x = 3.9 * x * (1.0 - x);
    sum += x;
  }
  return sum;
}

} // namespace

int main(int argc, char **argv) {
  if (argc != 3) {
    std::fputs("usage: kernels kernel_loop|kernel_float N\n", stderr);
    return 64;
  }
  const int64_t n = std::strtoll(argv[2], nullptr, 10);
  const auto start = std::chrono::steady_clock::now();
  if (std::string_view(argv[1]) == "kernel_loop")
    std::printf("%lld\n", static_cast<long long>(kernelLoop(n)));
  else
    std::printf("%.17g\n", kernelFloat(n));
  const std::chrono::duration<double, std::milli> spent = std::chrono::steady_clock::now() - start;
  std::printf("%.3f ms\n", spent.count());
}
