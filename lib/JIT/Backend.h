// The one entry of the shared object that makes machine code. Everything crosses by this struct;
// the program itself is passed by address, since both sides come from one build (`abi` proves it).
// Private to JIT.
#pragma once

#include "branchline/IR/Module.h"
#include "branchline/JIT/JIT.h"
#include "branchline/Runtime/Native.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace branchline::jit {

enum class BackendOutput : uint8_t { Object, Text, Bitcode, Assembly };

struct BackendRequest {
  uint64_t abi;
  const ir::Module *module; // verified
  BackendOutput output;
  bool forThisMachine; // else for any processor of the architecture
  bool optimise;
  std::string_view image = {}; // see EmitOptions; empty: none
  // With debug information: the path of the program text, and the folder it starts from.
  bool debug = false;
  std::string_view source = {};
  std::string_view folder = {};
  const Entries *entries = nullptr; // null: none besides those that every program has
};

struct BackendReply {
  char *data; // of `release`; the output, or the message of an error
  size_t size;
  void (*release)(char *data);
};

/// \returns 0, or 1 with the message of an error in `reply`
using BackendCompile = int (*)(const BackendRequest *request, BackendReply *reply);

inline constexpr const char *kBackendSymbol = "branchline_jit_compile_1";

/// Changes whenever code made by one build would not run in another.
constexpr uint64_t backendAbi() {
  constexpr std::string_view kText =
#define BL_RUNTIME_CALL(Name, Result, Params, Doc) #Name #Result #Params
#include "branchline/Runtime/RuntimeCalls.def"
#define BL_INST(Name, Mnemonic, Operands, Result, Effects, Rule, Doc) #Name #Operands
#include "branchline/IR/Instrs.def"
#define BL_TRAP(Name, ...) #Name
#include "branchline/Lang/Traps.def"
#define BL_BUILTIN(Name, ...) #Name
#include "branchline/Lang/Builtins.def"
      BRANCHLINE_VERSION;
  uint64_t hash = 14695981039346656037u;
  for (char c : kText)
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return hash ^ sizeof(runtime::NativeState) ^ sizeof(ir::Function) << 16 ^ sizeof(ir::Inst) << 32 ^
         sizeof(BackendRequest) << 48 ^ sizeof(LoopPoint) << 56;
}

} // namespace branchline::jit
