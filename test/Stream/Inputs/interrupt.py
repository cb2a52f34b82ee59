"""Interrupts a stream while it waits for input, and while a record runs, and looks at its output.

  interrupt.py BLC
"""

import os
import signal
import subprocess
import sys
import tempfile
import time

ENDLESS = """LET n = 0
PRINT(STRING(input))
IF input == "stuck" THEN {
  FOR EACH k IN RANGE(100000000) { FOR EACH i IN RANGE(100000000) { SET n = n + i } }
}
"""


def run(name, blc, script, records):
    command = [blc, "run", script, "--ndjson", "--threads", "2"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL,
                               preexec_fn=lambda: signal.signal(signal.SIGINT,
                                                                signal.default_int_handler))
    process.stdin.write(b'"first"\n')
    process.stdin.flush()
    out = process.stdout.readline()
    process.stdin.write(records)
    process.stdin.flush()
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    try:
        status = process.wait(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        status = "none"
    out += process.stdout.read()
    process.stdin.close()
    print(f"{name}: status {status}, {out}")


def main():
    blc = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        script = os.path.join(folder, "endless.bl")
        with open(script, "w") as file:
            file.write(ENDLESS)
        run("waiting for input", blc, script, b'"second"\n"unfinis')
        run("in the middle of a record", blc, script, b'"second"\n"stuck"\n"third"\n')


if __name__ == "__main__":
    main()
