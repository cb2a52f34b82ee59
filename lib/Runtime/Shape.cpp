// Symbols, shapes and transitions; see Shape.h.
#include "Shape.h"

#include "branchline/Runtime/Objects.h"
#include "branchline/Runtime/Text.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstring>

namespace branchline::runtime {
namespace {

struct Product {
  uint64_t low;
  uint64_t high;
};

Product multiply(uint64_t a, uint64_t b) {
  __extension__ typedef unsigned __int128 Wide;
  const Wide product = static_cast<Wide>(a) * b;
  return {static_cast<uint64_t>(product), static_cast<uint64_t>(product >> 64)};
}

uint64_t mix(uint64_t a, uint64_t b) {
  const Product p = multiply(a, b);
  return p.low ^ p.high;
}

constexpr uint64_t kOdd1 = 0x9E3779B97F4A7C15u;
constexpr uint64_t kOdd2 = 0xD1B54A32D192ED03u;

// Keys come from documents that an attacker may have written, so what collides must not be known
// in advance. Nothing visible depends on hashes: all tables keep insertion order.
uint64_t hashSeed() {
  static const uint64_t seed = [] {
    const int here = 0;
    const auto now = std::chrono::high_resolution_clock::now().time_since_epoch().count();
    const auto address = reinterpret_cast<uintptr_t>(&here);
    const auto code = reinterpret_cast<uintptr_t>(&hashText);
    return mix(mix(static_cast<uint64_t>(now) ^ kOdd1, address ^ kOdd2), code ^ kOdd1) | 1;
  }();
  return seed;
}

uint64_t load(const char *at, size_t bytes) {
  uint64_t word = 0;
  std::memcpy(&word, at, bytes);
  return word;
}

} // namespace

uint64_t hashText(std::string_view text) noexcept {
  const char *at = text.data();
  size_t left = text.size();
  uint64_t state = hashSeed() ^ mix(left ^ kOdd1, kOdd2);
  for (; left > 16; at += 16, left -= 16)
    state = mix(load(at, 8) ^ state, load(at + 8, 8) ^ kOdd2);
  uint64_t a = 0;
  uint64_t b = 0;
  if (left >= 8) {
    a = load(at, 8);
    b = load(at + left - 8, 8);
  } else if (left >= 4) {
    a = load(at, 4);
    b = load(at + left - 4, 4);
  } else if (left > 0) {
    // First, middle and last byte determine any text of one to three bytes of a known length.
    a = static_cast<unsigned char>(at[0]);
    b = uint64_t(static_cast<unsigned char>(at[left / 2])) << 8 |
        static_cast<unsigned char>(at[left - 1]);
  }
  return mix(mix(a ^ state, b ^ kOdd2), kOdd1 ^ state);
}

ShapeTable::ShapeTable() : symbols_(256, nullptr), transitions_(256, Transition{}) {
  auto *keys = arena_.make<ShapeKeys>(ShapeKeys{0, 0, nullptr});
  empty_ = arena_.make<Shape>(Shape{keys, 0, nullptr, nullptr, nullptr});
  shapeCount_ = 1;
}

const Symbol *ShapeTable::find(std::string_view text) const {
  const auto hash = static_cast<uint32_t>(hashText(text) >> 32);
  const size_t mask = symbols_.size() - 1;
  for (size_t i = hash & mask; symbols_[i]; i = (i + 1) & mask) {
    const Symbol *symbol = symbols_[i];
    if (symbol->hash == hash && symbol->text() == text)
      return symbol;
  }
  return nullptr;
}

const Symbol *ShapeTable::intern(std::string_view text) {
  if (const Symbol *symbol = find(text))
    return symbol;
  if (symbolCount_ >= kMaxSymbols || text.size() > kMaxSymbolBytes ||
      symbolBytes_ + text.size() > kMaxSymbolTableBytes)
    return nullptr;
  if (symbolCount_ * 2 >= symbols_.size())
    growSymbols();
  const auto hash = static_cast<uint32_t>(hashText(text) >> 32);
  bool ascii = std::all_of(text.begin(), text.end(),
                           [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  const std::string_view copy = text.empty() ? std::string_view("") : arena_.copy(text);
  const Symbol *symbol = arena_.make<Symbol>(Symbol{copy.data(), static_cast<uint32_t>(copy.size()),
                                                    hash, ascii ? Ascii::Yes : Ascii::No});
  const size_t mask = symbols_.size() - 1;
  size_t i = hash & mask;
  while (symbols_[i])
    i = (i + 1) & mask;
  symbols_[i] = symbol;
  ++symbolCount_;
  symbolBytes_ += text.size();
  return symbol;
}

void ShapeTable::growSymbols() {
  std::vector<const Symbol *> old(symbols_.size() * 2, nullptr);
  old.swap(symbols_);
  const size_t mask = symbols_.size() - 1;
  for (const Symbol *symbol : old) {
    if (!symbol)
      continue;
    size_t i = symbol->hash & mask;
    while (symbols_[i])
      i = (i + 1) & mask;
    symbols_[i] = symbol;
  }
}

namespace {
size_t transitionHash(const Shape *from, const Symbol *key) {
  return static_cast<size_t>(
      mix(reinterpret_cast<uintptr_t>(from) ^ kOdd1, reinterpret_cast<uintptr_t>(key) ^ kOdd2));
}
} // namespace

Shape *ShapeTable::findTransition(const Shape *from, const Symbol *key) const {
  const size_t mask = transitions_.size() - 1;
  for (size_t i = transitionHash(from, key) & mask; transitions_[i].from; i = (i + 1) & mask)
    if (transitions_[i].from == from && transitions_[i].key == key)
      return transitions_[i].to;
  return nullptr;
}

void ShapeTable::addTransition(const Shape *from, const Symbol *key, Shape *to) {
  auto insert = [this](const Transition &transition) {
    const size_t mask = transitions_.size() - 1;
    size_t i = transitionHash(transition.from, transition.key) & mask;
    while (transitions_[i].from)
      i = (i + 1) & mask;
    transitions_[i] = transition;
  };
  if (transitionCount_ * 2 >= transitions_.size()) {
    std::vector<Transition> old(transitions_.size() * 2, Transition{});
    old.swap(transitions_);
    for (const Transition &transition : old)
      if (transition.from)
        insert(transition);
  }
  insert({from, key, to});
  ++transitionCount_;
}

Shape *ShapeTable::makeShape(const Shape *from, const Symbol *key) {
  ShapeKeys *keys = from->keys;
  if (keys->used != from->size || keys->used == keys->capacity) {
    const uint32_t capacity = std::min(kMaxShapeKeys, std::max(4u, from->size * 2));
    auto **copy = static_cast<const Symbol **>(
        arena_.allocate(capacity * sizeof(const Symbol *), alignof(const Symbol *)));
    std::copy_n(keys->keys, from->size, copy);
    keys = arena_.make<ShapeKeys>(ShapeKeys{from->size, capacity, copy});
  }
  keys->keys[keys->used++] = key;
  const uint32_t size = from->size + 1;
  uint8_t *slots = nullptr;
  if (size > kScannedKeys) {
    constexpr uint32_t mask = kShapeTableSize - 1;
    slots = static_cast<uint8_t *>(arena_.allocate(kShapeTableSize, 1));
    std::memset(slots, 0, kShapeTableSize);
    for (uint32_t slot = 0; slot < size; ++slot) {
      uint32_t i = keys->keys[slot]->hash & mask;
      while (slots[i])
        i = (i + 1) & mask;
      slots[i] = static_cast<uint8_t>(slot + 1);
    }
  }
  ++shapeCount_;
  return arena_.make<Shape>(Shape{keys, size, nullptr, nullptr, slots});
}

const Shape *ShapeTable::extend(const Shape *shape, const Symbol *key) {
  if (shape->lastKey == key)
    return shape->lastChild;
  if (shape->size >= kMaxShapeKeys)
    return nullptr;
  Shape *to = findTransition(shape, key);
  if (!to) {
    if (shapeCount_ >= kMaxShapes)
      return nullptr;
    to = makeShape(shape, key);
    addTransition(shape, key, to);
  }
  // Every shape lives in this table's arena; only the table changes them.
  auto *from = const_cast<Shape *>(shape);
  from->lastKey = key;
  from->lastChild = to;
  return to;
}

uint32_t shapeSize(const Shape &shape) { return shape.size; }

const Symbol *shapeKey(const Shape &shape, uint32_t i) { return shape.keys->keys[i]; }

uint32_t shapeSlot(const Shape &shape, const Symbol *key) { return slotOf(shape, key); }

} // namespace branchline::runtime
