"""Makes a file of records of which some are damaged, and what a program must make of the others.

  damage.py RECORDS DAMAGED INPUT EXPECTED    the program writes the member `a` of each record
"""

import random
import sys

KINDS = [
    lambda i: b'{"a":%d,"text":"cut of' % i,
    lambda i: b'{"a":%d,"list":[1,2' % i,
    lambda i: b'{"a":%d,"text":"\xff\xfe"}' % i,
    lambda i: b'{"a":%d,"text":"\xed\xa0\x80"}' % i,
    lambda i: b'{"a":%d,"b":1,"b":2}' % i,
    lambda i: b'{"a":%d,"deep":' % i + b"[" * 20000 + b"]" * 20000 + b"}",
    lambda i: b'{"a":%d,"text":"\\ud800\\u0041"}' % i,
    lambda i: b'{"a":%d,"n":1e99999999999}' % i,
    lambda i: b'{"a":%d,"n":01}' % i,
    lambda i: b'{"a":%d}}' % i,
    lambda i: b'{"a":%d,"text":"\x01"}' % i,
    lambda i: b"\x00",
]


def main():
    records, damaged = int(sys.argv[1]), int(sys.argv[2])
    chosen = set(random.Random(4).sample(range(records), damaged))
    with open(sys.argv[3], "wb") as file, open(sys.argv[4], "wb") as expected:
        for i in range(records):
            if i in chosen:
                file.write(KINDS[i % len(KINDS)](i) + b"\n")
            else:
                file.write(b'{"a":%d,"b":{"c":["x",1.5,null]}}\n' % i)
                expected.write(b"%d\n" % i)


if __name__ == "__main__":
    main()
