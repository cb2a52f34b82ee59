"""Kills a run with a checkpoint again and again, resumes it, and compares its output with that of a
run nobody disturbed.

  kill.py KILLS FOLDER COMMAND...    without --output-file, --errors, --checkpoint and --resume
"""

import os
import random
import shutil
import subprocess
import sys
import time


def main():
    kills, folder, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)

    def start(name, *more):
        return subprocess.Popen([*command, "--output-file", os.path.join(folder, name),
                                 "--errors", os.path.join(folder, name + ".errors"), *more])

    begun = time.monotonic()
    assert start("whole").wait(timeout=60) == 0
    length = time.monotonic() - begun

    def read(name):
        with open(os.path.join(folder, name), "rb") as file:
            return file.read()

    seed = random.Random(int.from_bytes(os.urandom(4), "little"))
    resumed = ["--checkpoint", os.path.join(folder, "checkpoint"), "--checkpoint-interval", "0",
               "--resume"]
    killed = rounds = places = 0
    while killed < kills:
        # One round after the other, each killed several times and then left to end.
        rounds += 1
        for name in ("parts", "parts.errors", "checkpoint"):
            if os.path.exists(os.path.join(folder, name)):
                os.remove(os.path.join(folder, name))
        while True:
            process = start("parts", *resumed)
            try:
                status = process.wait(timeout=seed.uniform(0, length))
                assert status == 0, status
                break
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                killed += 1
                places += os.path.exists(os.path.join(folder, "checkpoint"))
                if killed == kills:
                    assert start("parts", *resumed).wait(timeout=60) == 0
                    break
        for end in ("", ".errors"):
            if read("parts" + end) != read("whole" + end):
                sys.exit(f"round {rounds}: the output{end} differs")
    print(f"{killed} kills: the same output every time")
    # A test that never gets past the first checkpoint would show nothing.
    print("resumed from checkpoints" if places > kills // 4 else f"only {places} checkpoints")


if __name__ == "__main__":
    main()
