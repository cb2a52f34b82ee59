"""Runs a program that asks for native code just before it ends, many times.

  ends-early.py BLC PROGRAM
"""

import subprocess
import sys

RUNS = 20
results = set()
for run in range(RUNS):
    command = [sys.argv[1], "run", sys.argv[2], "--no-cache", f"--tier-after={1 + run * 40000}"]
    done = subprocess.run(command, capture_output=True, text=True)
    results.add((done.returncode, done.stdout.strip(), done.stderr))
assert len(results) == 1, results
status, output, errors = results.pop()
assert status == 0 and not errors, (status, errors)
print(f"{RUNS} runs gave {output}")
