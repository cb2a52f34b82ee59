"""Interrupts a run between two chunks of a pipe, adds garbage to its output, and resumes it.

  rewind.py BLC PROGRAM FOLDER    with the input in FOLDER/in
"""

import os
import signal
import subprocess
import sys
import time


def main():
    blc, program, folder = sys.argv[1:]
    out, checkpoint = os.path.join(folder, "out"), os.path.join(folder, "c")
    with open(os.path.join(folder, "in"), "rb") as file:
        text = file.read()
    command = [blc, "run", program, "--ndjson", "-o", out, "--checkpoint", checkpoint,
               "--checkpoint-interval", "0"]
    os.remove(checkpoint)
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL,
                               preexec_fn=lambda: signal.signal(signal.SIGINT,
                                                                signal.default_int_handler))
    process.stdin.write(text[:500000])
    process.stdin.flush()
    for _ in range(600):
        if os.path.exists(checkpoint):
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    status = process.wait(timeout=60)
    assert status == 130, status
    with open(out, "ab") as file:
        file.write(b'"half a line')
    subprocess.run([*command, "--resume"], input=text, check=True, timeout=60)


if __name__ == "__main__":
    main()
