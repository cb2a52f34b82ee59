#!/usr/bin/env python3
"""Runs the workloads of this folder with blc and its peers, and prints a table.

  run.py [--blc PATH] [--data FOLDER] [--mb 100] [--runs 5] [--only WORKLOAD,...] [--peers NAME,...]

Contenders of a workload run in turn (A B C, A B C, …), so that a slow moment of the machine hits all of them;
the median of the wall times counts, and the largest resident memory. The output of each is compared, value by
value, with that of the JavaScript program before its time means anything; a difference is reported instead of
a time, and makes the exit status 1. A peer whose program is not installed is left out.
"""

import argparse
import json
import math
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import inputs

HERE = Path(__file__).resolve().parent
PEERS = HERE / "peers"

# Workload -> input file. Of documents and kernels the whole input is one value.
RECORDS = {"orders_reshape": "orders.ndjson", "orders_summary": "orders.ndjson",
           "quakes_alert": "quakes.ndjson", "movies_clean": "movies.ndjson"}
DOCUMENTS = {"quakes_stats": "quakes_big.json"}
KERNELS = {"kernel_loop": 30_000_000, "kernel_float": 30_000_000, "kernel_fib": 32}

# Rounding to digits is done in binary by most peers, so the last digit may differ.
ROUNDED = {"quakes_alert": {"depthKm": 0.1001}, "movies_clean": {"roi": 0.001001}}
RELATIVE = 1e-9  # sums in another order


def contenders(workload, path, options, tools):
    """Name -> command, fastest path of blc first."""
    program = str(HERE / "workloads" / f"{workload}.bl")
    blc = [options.blc, "run", program, "--input", str(path)]
    commands = {}
    if workload in RECORDS:
        stream = [*blc, "--ndjson"]
        commands["blc"] = [*stream, "--threads", "1"]
        if tools.can_trust:
            commands["blc, trusting"] = [*stream, "--threads", "1", "--trust-input"]
        commands["blc, 2 threads"] = [*stream, "--threads", "2"]
    else:
        commands["blc"] = [*blc, "--output-format", "json-compact"]
    if workload in ("orders_reshape", "orders_summary", "quakes_alert") and tools.simdjson:
        commands["simdjson"] = [tools.simdjson, workload, str(path)]
    commands["node"] = ["node", "--max-old-space-size=8000", str(PEERS / "records.mjs"), workload, str(path)]
    if workload in ("orders_reshape", "orders_summary") and tools.duckdb:
        commands["duckdb"] = ["node", str(PEERS / "duckdb.mjs"), workload, str(path)]
    script = PEERS / "jq" / f"{workload}.jq"
    for jq in ("jq", "gojq"):
        if script.exists() and shutil.which(jq):
            commands[jq] = [jq, "-c", "-f", str(script), str(path)]
    script = PEERS / f"{workload}.lua"
    for lua in ("lua5.4", "luajit"):
        if script.exists() and shutil.which(lua):
            commands[lua] = [lua, str(script), str(KERNELS[workload])]
    wanted = options.peers
    return {name: command for name, command in commands.items()
            if not wanted or name.startswith("blc") or name in wanted}


class Tools:
    """What has to be built or looked for before the first run."""

    def __init__(self, folder, blc):
        self.simdjson = self.build(folder)
        options = subprocess.run([blc, "run", "--help"], check=True, stdout=subprocess.PIPE).stdout
        self.can_trust = b"--trust-input" in options
        self.duckdb = subprocess.run(["node", "-e", "require('@duckdb/node-api')"], check=False,
                                     stderr=subprocess.DEVNULL).returncode == 0

    @staticmethod
    def build(folder):
        program = folder / "records"
        command = ["c++", "-O3", "-march=native", "-std=c++20", str(PEERS / "records.cpp"), "-lsimdjson",
                   "-o", str(program)]
        built = subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == 0
        return str(program) if built else None


def run_once(command, output):
    """Returns seconds, peak memory in bytes (0: unknown), and what went wrong."""
    # The kernel counts what this interpreter holds as a peak of its children, hence the small program between.
    timer = shutil.which("time")
    with open(output, "wb") as out, tempfile.TemporaryFile() as messages, tempfile.NamedTemporaryFile() as peak:
        if timer:
            command = [timer, "--quiet", "-f", "%M", "-o", peak.name, *command]
        start = time.monotonic()
        status = subprocess.run(command, check=False, stdout=out, stderr=messages).returncode
        seconds = time.monotonic() - start
        messages.seek(0)
        text = messages.read().decode(errors="replace").strip()
        kilobytes = int(peak.read() or 0)
    failure = None if status == 0 else text.splitlines()[0] if text else f"status {status}"
    return seconds, kilobytes * 1024, failure


def same(found, expected, slack, key=None):
    if isinstance(found, bool) or isinstance(expected, bool):
        return found is expected
    if isinstance(found, (int, float)) and isinstance(expected, (int, float)):
        return math.isclose(found, expected, rel_tol=RELATIVE, abs_tol=slack.get(key, 1e-12))
    if isinstance(found, dict) and isinstance(expected, dict):
        return found.keys() == expected.keys() and all(
            same(value, expected[name], slack, name) for name, value in found.items())
    if isinstance(found, list) and isinstance(expected, list):
        return len(found) == len(expected) and all(
            same(a, b, slack, key) for a, b in zip(found, expected))
    return found == expected


def difference(path, expected_path, slack):
    """The first record that differs, or None."""
    with open(path, encoding="utf-8") as found, open(expected_path, encoding="utf-8") as expected:
        number = 0
        for number, (a, b) in enumerate(zip(found, expected), 1):
            if a != b and not same(json.loads(a), json.loads(b), slack):
                return f"record {number}: found {a.strip()[:80]}, expected {b.strip()[:80]}"
        if found.readline().strip() or expected.readline().strip():
            return f"another number of records than {number}"
    return None


class Result:
    def __init__(self):
        self.seconds = []
        self.peak = 0
        self.failure = None


def measure(workload, path, options, tools, folder):
    """Contender -> Result. The JavaScript program says what is right."""
    expected = folder / "expected"
    reference = ["node", "--max-old-space-size=8000", str(PEERS / "records.mjs"), workload, str(path)]
    _, _, failure = run_once(reference, expected)
    if failure:
        sys.exit(f"{workload}: the reference fails: {failure}")
    commands = contenders(workload, path, options, tools)
    results = {name: Result() for name in commands}
    for turn in range(options.runs):
        for name, command in commands.items():
            result = results[name]
            if result.failure:
                continue
            seconds, peak, result.failure = run_once(command, folder / "found")
            if turn == 0 and not result.failure:
                result.failure = difference(folder / "found", expected, ROUNDED.get(workload, {}))
            result.seconds.append(seconds)
            result.peak = max(result.peak, peak)
    return results


def report(workload, results, size):
    """Lines of the table; times of peers are also given as multiples of the time of blc."""
    base = results.get("blc")
    unit = statistics.median(base.seconds) if base and not base.failure else None
    for name, result in results.items():
        if result.failure:
            yield f"| {workload} | {name} | failed: {result.failure} | | | |"
            continue
        median = statistics.median(result.seconds)
        spread = f"{min(result.seconds):.3f} … {max(result.seconds):.3f}"
        rate = f"{size / median / 1e6:.0f} MB/s" if size else ""
        ratio = f"{median / unit:.2f}" if unit else ""
        peak = f"{result.peak / 1e6:.0f} MB" if result.peak else ""
        yield f"| {workload} | {name} | {median:.3f} s ({spread}) | {ratio} | {rate} | {peak} |"


def processor():
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{names[0]}, {len(names)} cores" if names else platform.machine()


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--blc", default=str(HERE.parent / "build" / "release" / "bin" / "blc"))
    parser.add_argument("--data", default=str(HERE.parent / "build" / "benchmarks"),
                        help="folder of the inputs; those that are missing are made")
    parser.add_argument("--mb", type=int, default=100, help="size of inputs that are made")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", type=lambda text: text.split(","), default=[])
    parser.add_argument("--peers", type=lambda text: text.split(","), default=[])
    options = parser.parse_args()
    if not Path(options.blc).exists():
        parser.error(f"no blc at {options.blc}: build the release preset, or name one with --blc")
    if not shutil.which("node"):
        parser.error("node is needed: its output is what the others are compared with")
    unknown = set(options.only) - {*RECORDS, *DOCUMENTS, *KERNELS}
    if unknown:
        parser.error(f"unknown workloads: {', '.join(sorted(unknown))}")
    return options


def main():
    options = parse_arguments()
    failed = False
    print(f"{processor()}, {platform.system()} {platform.release()}, {time.strftime('%d %B %Y')}, "
          f"median of {options.runs} alternating runs\n")
    print("| workload | contender | time (smallest … largest) | × blc | input | peak memory |")
    print("| --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tools = Tools(folder, options.blc)
        for workload in [*RECORDS, *DOCUMENTS, *KERNELS]:
            if options.only and workload not in options.only:
                continue
            if workload in KERNELS:
                path, size = folder / "n.json", 0
                path.write_text(json.dumps({"n": KERNELS[workload]}), encoding="utf-8")
            else:
                data = inputs.provide(options.data, options.mb)
                path = data / {**RECORDS, **DOCUMENTS}[workload]
                size = path.stat().st_size
            results = measure(workload, path, options, tools, folder)
            failed = failed or any(result.failure for result in results.values())
            for line in report(workload, results, size):
                print(line, flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
