// What the fuzz targets do with the bytes of a bytecode file. Reading must survive anything; what
// verifies must survive everything else, running it included.
#pragma once

#include "branchline/Bytecode/File.h"
#include "branchline/Bytecode/Verifier.h"
#include "branchline/Format/JsonReader.h"
#include "branchline/Format/JsonWriter.h"
#include "branchline/VM/VM.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace branchline::fuzz {

/// Stops the process, so that a fuzzer sees a failure.
inline void require(bool condition, const char *what) {
  if (condition)
    return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

/// Printing and assembling, writing and reading give the same program.
inline void checkRoundTrip(const bytecode::Program &program) {
  const std::string bytes = bytecode::write(program);
  const auto again = bytecode::read(bytes);
  require(again.has_value(), "a program that verifies cannot be written and read");
  require(bytecode::write(**again) == bytes, "reading and writing changes a file");
  const std::string text = bytecode::disassemble(program);
  const SourceText source("text", text);
  DiagnosticSink sink;
  const auto assembled = bytecode::assemble(source, sink);
  require(assembled != nullptr, "the text of a program does not assemble");
  require(bytecode::write(*assembled) == bytes, "printing and assembling changes a file");
}

/// Runs every transform within tight limits and writes what comes out.
inline void runTransforms(const bytecode::Program &program) {
  constexpr std::string_view kInput =
      R"({"a": [1, 2.5, "x", null, {"b": [[], {}]}], "b": {"c": {"d": 5}}, "name": "n", "x": 7,
          "items": [{"id": 1, "v": "é"}, {"id": 2}], "big": 123456789012345678901234567890})";
  for (const bytecode::TransformEntry &entry : program.transforms) {
    runtime::Heap heap;
    runtime::SharedStore shared;
    vm::Session session(program, heap);
    runtime::Context context(heap);
    context.limits.instructions = 10'000;
    context.limits.callDepth = 100;
    context.limits.memoryBytes = 64u << 20;
    context.limits.outputBytes = 1u << 20;
    context.limits.deadlineMs = 200; // some instructions wait
    heap.setMemoryLimit(context.limits.memoryBytes);
    for (const bytecode::SharedResource &resource : program.shared)
      shared.declare(resource.name,
                     resource.single ? runtime::ResourceKind::Single : runtime::ResourceKind::Many);
    context.shared = &shared;
    auto input = format::readJson(heap, kInput);
    require(input.has_value(), "the input is JSON");
    context.input = std::move(*input);
    if (!session.run(entry, context))
      continue;
    const auto result = context.collapse();
    format::JsonWriteOptions writing;
    writing.maxBytes = 1u << 20;
    std::string text;
    if (result)
      (void)format::writeJson(text, *result, writing);
  }
}

/// \returns whether the bytes are a program
inline bool checkBytes(std::string_view bytes) {
  const auto program = bytecode::read(bytes);
  if (!program) {
    require(!program.error().message.empty(), "an error without message");
    return false;
  }
  checkRoundTrip(**program);
  runTransforms(**program);
  return true;
}

} // namespace branchline::fuzz
