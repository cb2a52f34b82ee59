"""Overwrites the middle of every file in a folder, or with --check proves that none is so."""
import pathlib
import sys

MARK = b"damaged!"
for path in pathlib.Path(sys.argv[-1]).iterdir():
    data = bytearray(path.read_bytes())
    if sys.argv[1] == "--check":
        assert MARK not in data, path
        continue
    middle = len(data) // 2
    data[middle : middle + len(MARK)] = MARK
    path.write_bytes(data)
