// Programs for the tests of this folder.
#pragma once

#include "branchline/Bytecode/File.h"
#include "branchline/Bytecode/Verifier.h"
#include "branchline/Support/Diagnostic.h"

#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace branchline::bytecode {

/// Assembles a text that must be good.
inline Program assembled(std::string_view text) {
  SourceText source("test", std::string(text));
  DiagnosticSink sink;
  auto program = assemble(source, sink);
  for (const Diagnostic &finding : sink.all())
    ADD_FAILURE() << renderDiagnostic(source, finding);
  return program ? *program : Program{};
}

/// A program that verifies and has something of everything. Function 0 is a transform, 1 a FUNC,
/// 2 a lambda with one capture.
inline constexpr std::string_view kEverything = R"(.version 3
.file "everything.bl"
.source "TRANSFORM T {\n"
.source "}\n"
.constant "a"
.constant 0
.constant 9223372036854775808n
.constant 1.50m
.constant -1
.constant 0.5
.constant true
.constant null
.constant "\ud800"
.layout {"a", *, 0}
.path ["a", 0, *]
.path []
.path [*]
.path ["a"]
.import library SUM
.import host "log"
.shared single "s"
.shared many "m"
.transform @0 "T"
.call.depth 64

.function @0 transform "T"
.registers r0..r9, c10..c11, i12
.handler L2, L3, L4
.inlined @1 !1:1
.inlined @2 !2:1 #0
.inlined @2
    load.const r0, 1.50m  !1:1
    load.int r1, -5  #0
    load.bool r2, 1  #1
    input.get r0, "a"  #-
    cell.set c10, r0
    object.new r0, r3, {"a", *, 0}
    get.name r1, r0, "a"
    get.index r1, r0, 0
    list.new r0, r3, 2
    path.root r0, set, "a"
    path.check r0, set, r3, ["a", 0, *]
    path.leaf r0, append, r3, [*]
    path.set r0, r3, ["a", 0, *]
    path.append r0, r3, []
    path.modify r0, r3, [], "a"
    cell.path.set c10, r3, [*]
    cell.path.append c10, r3, []
    cell.path.modify c10, r3, [], "a"
    init.check r0, AppendInitKind
    closure.new r0, c11, @2
    callee.find r0, r1, @1, "a"
    callee.find r0, r1, -, "a"
    call r0, r3, 2
    call.func r0, r3, 1, @1
    call.lib r0, r3, 1, SUM
    call.host r0, r3, 1, "log"
    list.check r0, SUM
    output.emit r0
    wait 0  !2:1 #2
    shared.await r0, "s", "a"
    iter.new i12, for.each, r0
L1:
    iter.next i12, r1, L5
    br L1
L2:
    br.eq not r0, r1, L1
    br.lt.const r0, 0, L3
    raise SetUnbound, "a", -
L3:
    ret r0
L4:
    error.catch r0
    br.true r0, L1
    rethrow
L5:
    ret.null
.end

.function @1 func "f"
.registers r0..r1
.params r0
.resume r0..r1
    suspend r0, 0
    ret r0
.end

.function @2 lambda ""
.registers r0..r1, c2
.captures 1
    capture.get r0, ^0
    capture.ref c2, ^0
    cell.path.set ^0, r0, ["a"]
    ret r0
.end
)";

/// The code of the first broken rule, 0 when there is none.
inline unsigned verifyCode(const Program &program) {
  const auto broken = verify(program);
  return broken ? broken->code : 0;
}

} // namespace branchline::bytecode
