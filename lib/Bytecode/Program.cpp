// The few questions that Program answers itself.
#include "branchline/Bytecode/Program.h"

#include <algorithm>
#include <bit>

namespace branchline::bytecode {

bool Constant::operator==(const Constant &other) const {
  if (kind != other.kind)
    return false;
  switch (kind) {
  case Kind::Null:
    return true;
  case Kind::Bool:
  case Kind::Int:
    return integer == other.integer;
  case Kind::Float: // by bits: -0.0 is not 0.0
    return std::bit_cast<uint64_t>(real) == std::bit_cast<uint64_t>(other.real);
  case Kind::BigInt:
  case Kind::Decimal:
  case Kind::String:
    return text == other.text;
  }
  return false;
}

unsigned Path::computed() const {
  return static_cast<unsigned>(
      std::count_if(segments.begin(), segments.end(), [](const PathSegment &segment) {
        return segment.kind == PathSegment::Kind::Computed;
      }));
}

const TransformEntry *Program::findTransform(std::string_view name) const {
  if (name.empty())
    return transforms.empty() ? nullptr : &transforms.front();
  for (const TransformEntry &entry : transforms)
    if (entry.name == name)
      return &entry;
  return nullptr;
}

} // namespace branchline::bytecode
