"""Checks an exported ledger with Python alone: python3 verify_ledger.py FILE [SIZE ROOT]..."""

import json
import sys
from hashlib import sha256


def text(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def tree(leaves):
    while len(leaves) > 1:
        pairs = zip(leaves[::2], leaves[1::2], strict=False)
        leaves = [sha256(b"\1" + a + b).digest() for a, b in pairs] + leaves[len(leaves) // 2 * 2 :]
    return (leaves[0] if leaves else sha256().digest()).hex()


def faults(lines, roots):
    leaves, before = [], "0" * 64
    for number, line in enumerate(lines, 1):
        try:
            *signed, own = json.loads(line)
            sequence, _, _, previous = signed
            leaves.append(sha256(b"\0" + bytes.fromhex(own)).digest())
        except (ValueError, TypeError):
            yield f"line {number}: not an event"
            continue
        if sequence != number:
            yield f"line {number}: holds event {sequence}"
        if previous != before:
            yield f"event {sequence}: does not follow the one before"
        if text([*signed, own]) != line.rstrip(b"\n") or sha256(text(signed)).hexdigest() != own:
            yield f"event {sequence}: content does not match its hash"
        before = own
    for size, root in roots:
        if size > len(leaves):
            yield f"root {size}: events from {len(leaves) + 1} are missing"
        elif tree(leaves[:size]) != root:
            yield f"root {size}: differs from what was printed"


if __name__ == "__main__":
    path, *printed = sys.argv[1:]
    with open(path, "rb") as file:  # noqa: PTH123  as short as can be
        found = [*faults(file, zip(map(int, printed[::2]), printed[1::2], strict=True))]
    print(*(found or ["OK"]), sep="\n")
    sys.exit(bool(found))
