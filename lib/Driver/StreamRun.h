// `blc run` and `blc exec` on a stream of records. Private to Driver.
#pragma once

#include "branchline/Driver/RunCommand.h"

namespace branchline::driver {

/// See runProgram. \param options  with `stream`
ExitStatus runStream(const RunOptions &options, Reporter &reporter);

} // namespace branchline::driver
