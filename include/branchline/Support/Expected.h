// A value or an error, with the member names of std::expected (C++23), which GCC 12 lacks.
// Leaves out: exceptions (`value()` on an error stops the program) and monadic helpers.
#pragma once

#include "branchline/Support/Assert.h"

#include <new>
#include <type_traits>
#include <utility>

namespace branchline {

/// Wraps an error so that it converts to any `Expected` with a compatible error type.
template <class E> class Unexpected {
public:
  explicit Unexpected(E error) : error_(std::move(error)) {}
  E &error() & { return error_; }
  const E &error() const & { return error_; }
  E &&error() && { return std::move(error_); }

private:
  E error_;
};

/// Either a `T` or an `E`; must be looked at.
template <class T, class E> class [[nodiscard]] Expected {
public:
  using value_type = T;
  using error_type = E;

  Expected(const T &value) : hasValue_(true) { new (&value_) T(value); }
  Expected(T &&value) : hasValue_(true) { new (&value_) T(std::move(value)); }
  template <class G> Expected(Unexpected<G> &&unexpected) : hasValue_(false) {
    new (&error_) E(std::move(unexpected).error());
  }
  template <class G> Expected(const Unexpected<G> &unexpected) : hasValue_(false) {
    new (&error_) E(unexpected.error());
  }
  Expected(const Expected &other) : hasValue_(other.hasValue_) {
    if (hasValue_)
      new (&value_) T(other.value_);
    else
      new (&error_) E(other.error_);
  }
  Expected(Expected &&other) noexcept : hasValue_(other.hasValue_) {
    if (hasValue_)
      new (&value_) T(std::move(other.value_));
    else
      new (&error_) E(std::move(other.error_));
  }
  Expected &operator=(Expected other) noexcept {
    destroy();
    new (this) Expected(std::move(other));
    return *this;
  }
  ~Expected() { destroy(); }

  bool has_value() const { return hasValue_; }
  explicit operator bool() const { return hasValue_; }
  T &value() & { return checked(); }
  const T &value() const & { return const_cast<Expected *>(this)->checked(); }
  T &&value() && { return std::move(checked()); }
  T &operator*() & { return checked(); }
  const T &operator*() const & { return const_cast<Expected *>(this)->checked(); }
  T &&operator*() && { return std::move(checked()); }
  T *operator->() { return &checked(); }
  const T *operator->() const { return &const_cast<Expected *>(this)->checked(); }
  E &error() & { return checkedError(); }
  const E &error() const & { return const_cast<Expected *>(this)->checkedError(); }
  E &&error() && { return std::move(checkedError()); }

private:
  T &checked() {
    BL_ASSERT(hasValue_, "value of an Expected that holds an error");
    return value_;
  }
  E &checkedError() {
    BL_ASSERT(!hasValue_, "error of an Expected that holds a value");
    return error_;
  }
  void destroy() {
    if (hasValue_)
      value_.~T();
    else
      error_.~E();
  }
  union {
    T value_;
    E error_;
  };
  bool hasValue_;
};

/// Success without a value, or an `E`.
template <class E> class [[nodiscard]] Expected<void, E> {
public:
  using value_type = void;
  using error_type = E;

  Expected() : hasValue_(true) {}
  template <class G> Expected(Unexpected<G> &&unexpected) : hasValue_(false) {
    new (&error_) E(std::move(unexpected).error());
  }
  Expected(Expected &&other) noexcept : hasValue_(other.hasValue_) {
    if (!hasValue_)
      new (&error_) E(std::move(other.error_));
  }
  Expected(const Expected &other) : hasValue_(other.hasValue_) {
    if (!hasValue_)
      new (&error_) E(other.error_);
  }
  Expected &operator=(Expected other) noexcept {
    this->~Expected();
    new (this) Expected(std::move(other));
    return *this;
  }
  ~Expected() {
    if (!hasValue_)
      error_.~E();
  }

  bool has_value() const { return hasValue_; }
  explicit operator bool() const { return hasValue_; }
  void value() const { BL_ASSERT(hasValue_, "value of an Expected that holds an error"); }
  E &error() & { return checkedError(); }
  const E &error() const & { return const_cast<Expected *>(this)->checkedError(); }
  E &&error() && { return std::move(checkedError()); }

private:
  E &checkedError() {
    BL_ASSERT(!hasValue_, "error of an Expected that holds a value");
    return error_;
  }
  union {
    char none_;
    E error_;
  };
  bool hasValue_;
};

} // namespace branchline

#define BL_CONCAT_INNER(a, b) a##b
#define BL_CONCAT(a, b) BL_CONCAT_INNER(a, b)

/// `BL_TRY(auto x, f())`: declares `x` with the value, or returns the error to the caller.
#define BL_TRY(declaration, expression)                                                            \
  auto BL_CONCAT(blTry, __LINE__) = (expression);                                                  \
  if (!BL_CONCAT(blTry, __LINE__))                                                                 \
    return ::branchline::Unexpected(std::move(BL_CONCAT(blTry, __LINE__)).error());                \
  declaration = std::move(*BL_CONCAT(blTry, __LINE__))

/// `BL_CHECK(f())`: returns the error of an `Expected<void, E>` (or any `Expected`) to the caller.
#define BL_CHECK(expression)                                                                       \
  do {                                                                                             \
    auto blCheck = (expression);                                                                   \
    if (!blCheck)                                                                                  \
      return ::branchline::Unexpected(std::move(blCheck).error());                                 \
  } while (false)
