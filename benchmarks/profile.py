#!/usr/bin/env python3
"""Makes cmake/blc.profdata anew, the profile that release builds are guided by.

  profile.py [--jobs N]

Builds blc with the preset `profile`, runs the workloads of this folder on small inputs, and merges what the
runs have written. Only functions that ran are in the result: the others are optimised as ever, and not taken
for cold. Needs llvm-profdata of the compiler's version and its run-time library (packages llvm-19 and
libclang-rt-19-dev). Worth doing after changes to the hot paths: the check
`source.profile` notices functions that are gone, not ones that have changed.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

import inputs
from run import RECORDS

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PROFILE = ROOT / "cmake" / "blc.profdata"
MERGE = "llvm-profdata-19"

MEGABYTES = 4
KERNELS = {"kernel_loop": 300_000, "kernel_float": 300_000, "kernel_fib": 20}


def runs(blc, data):
    """The command lines of the runs, each with what it reads from standard input."""
    def program(name):
        return str(HERE / "workloads" / f"{name}.bl")

    for name, file in RECORDS.items():
        records = [blc, "run", program(name), "--input", str(data / file), "--ndjson", "--threads", "1"]
        for engine in ("vm", "jit"):
            for more in ([], ["--trust-input"]):
                yield [*records, f"--engine={engine}", "--no-cache", *more], None
    for engine in ("vm", "jit"):
        yield [blc, "run", program("quakes_stats"), "--input", str(data / "quakes_big.json"),
               f"--engine={engine}", "--no-cache"], None
    for name, number in KERNELS.items():
        yield [blc, "run", program(name), "--input", "-", "--engine=vm"], f'{{"n":{number}}}'


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes of the build")
    options = parser.parse_args()
    if not shutil.which(MERGE):
        print(f"profile.py: {MERGE} is missing (package llvm-19)", file=sys.stderr)
        return 1
    subprocess.run(["cmake", "--preset", "profile"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", "--preset", "profile", "--target", "blc", "-j", str(options.jobs)],
                   cwd=ROOT, check=True)
    build = ROOT / "build" / "profile"
    raw = build / "raw"
    shutil.rmtree(raw, ignore_errors=True)
    data = inputs.provide(build / "inputs", MEGABYTES)
    # %m: the shared object with LLVM writes a file of its own.
    environment = {**os.environ, "LLVM_PROFILE_FILE": str(raw / "%p-%m.profraw")}
    for command, given in runs(str(build / "bin" / "blc"), data):
        subprocess.run(command, check=True, env=environment, text=True, input=given, stdout=subprocess.DEVNULL)
    subprocess.run([MERGE, "merge", "--sparse", "-o", str(PROFILE), *map(str, sorted(raw.glob("*.profraw")))],
                   check=True)
    print(f"{PROFILE.relative_to(ROOT)}: {PROFILE.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
