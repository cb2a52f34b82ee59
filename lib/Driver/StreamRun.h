// `blc run` and `blc exec` on a stream of records. Private to Driver.
#pragma once

#include "RunnableProgram.h"

namespace branchline::driver {

/// See runProgram. \param options  with `stream`
ExitStatus runStream(const RunOptions &options, Reporter &reporter, StageTimes &times,
                     RunnableProgram &program);

} // namespace branchline::driver
