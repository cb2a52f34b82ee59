"""Prints what the dump in a folder says of each function, and removes the dump."""

import pathlib
import struct
import sys

(path,) = pathlib.Path(sys.argv[1]).glob("jit-*.dump")
data = path.read_bytes()
magic, version, size, machine, _, process = struct.unpack_from("<6I", data)
assert (magic, version, size, machine) == (0x4A695444, 1, 40, 62), data[:40]
assert path.name == f"jit-{process}.dump"
at, lines, source = size, {}, ""
while at < len(data):
    kind, size = struct.unpack_from("<II", data, at)
    body = data[at + 16 : at + size]
    at += size
    if kind == 2:
        start, count = struct.unpack_from("<QQ", body)
        found, position = set(), 16
        for _ in range(count):
            _, line, _ = struct.unpack_from("<QII", body, position)
            end = body.index(0, position + 16)
            source = body[position + 16 : end].decode()
            found.add(line)
            position = end + 1
        assert position == len(body)
        lines[start] = found
    elif kind == 0:
        _, _, _, start, count, _ = struct.unpack_from("<IIQQQQ", body)
        name, code = body[40:].split(b"\0", 1)
        assert len(code) == count
        known = lines.get(start)
        shown = f"lines {' '.join(map(str, sorted(known)))} of {source}" if known else "no lines"
        print(f"{name.decode()}, {'code' if any(code) else 'nothing'}, {shown}")
path.unlink()
