// The bytecode interpreter. Links without any compiler library.
#pragma once

#include "branchline/Bytecode/Program.h"
#include "branchline/Runtime/Context.h"
#include "branchline/VM/TierUp.h"

#include <memory>

namespace branchline::vm {

/// What one heap keeps for one program between runs: constants as values, inline caches, shapes of
/// object literals, and the register stack. Belongs to one thread.
class Session {
public:
  /// \param program verified; must outlive the session. \param heap must outlive the session
  Session(const bytecode::Program &program, runtime::Heap &heap);
  /// A session that may go on in other code, with which it shares function values. Both must
  /// outlive it.
  Session(const bytecode::Program &program, runtime::Heap &heap, runtime::FunctionValues &functions,
          TierUp &tierUp);
  ~Session();
  Session(const Session &) = delete;
  Session &operator=(const Session &) = delete;

  /// Runs a transform; its outputs are in `context.outputs` afterwards. `context.heap` must be the
  /// session's. \errors the trap that ended the run, with place and call stack
  runtime::Result<void> run(const bytecode::TransformEntry &transform, runtime::Context &context);

  /// Must be called before `Heap::reset`; the next run prepares what was lost.
  void releaseValues();

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace branchline::vm
