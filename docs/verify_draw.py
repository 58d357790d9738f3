"""Checks the minutes of a draw with Python alone: python3 verify_draw.py < MINUTES.json"""

import json
import sys
from collections import Counter
from hashlib import sha256


def digest(value, prefix=b""):
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(prefix + text.encode()).digest()


def tree(pool):
    k = 1 << (len(pool) - 1).bit_length() - 1 if len(pool) > 1 else 0
    return sha256(b"\1" + tree(pool[:k]) + tree(pool[k:])).digest() if k else digest(pool[0], b"\0")


def attempt(rules, weights, free, below):
    total, forms = Counter(), [[] for _ in range(rules["forms"])]
    for form, held in [(form, Counter()) for form in forms]:
        for cell in [cell for cell, times in rules["matrix"] for _ in range(times)]:
            caps = [(used, c) for used, c in [(held, rules["form_cap"]), (total, rules["draw_cap"])] if c]
            fits = [e for e in free if e["cell"] == cell]
            fits = [e for e in fits if all(used[e["unit"]] + e["size"] <= c for used, c in caps)]
            if not fits:
                return None
            urn = [u for u in sorted({e["unit"] for e in fits}) for _ in range(weights[u])]
            unit = urn[below(len(urn))]
            own = [e for e in fits if e["unit"] == unit]
            form.append(own[below(len(own))])
            free.remove(form[-1])
            held[unit], total[unit] = (used[unit] + form[-1]["size"] for used in (held, total))
    own = {u: [sum(e["size"] for e in form if e["unit"] == u) for form in forms] for u in rules["sitting"]}
    seats = {u: [n for n, size in enumerate(own[u], 1) if size <= rules["own_cap"]][:1] for u in own}
    drawn = {"forms": [[e["id"] for e in form] for form in forms], "seats": {u: sum(seats[u]) for u in own}}
    return drawn if all(seats.values()) else None


def verdict(m):
    notice, chance, made = m["announcement"], m["chance"], m["announcement"]["commitments"]
    codes = {u: digest([notice["round"], u, v]).hex() for u, v in chance["reveals"].items()}
    good = {u: v for u, v in chance["reveals"].items() if codes[u] == made[u]}
    seed = digest({"announcement": digest(notice).hex(), "results": chance["results"], "reveals": good})
    blocks = (sha256(seed + n.to_bytes(8, "big")).digest() for n in range(2**63))
    values = (int.from_bytes(block, "big") for block in blocks)
    below = lambda bound: next(v % bound for v in values if v < 2**256 - 2**256 % bound)  # noqa: E731
    tries = (attempt(notice["rules"], notice["weights"], [*notice["pool"]], below) for _ in range(10000))
    drawn = next({**found, "attempts": n} for n, found in enumerate(tries, 1) if found)
    public = "".join(chance["results"][s["name"]] for s in notice["sources"] if s["kind"] != "beacon")
    times = [notice["frozen_at"], *(chance[key] for key in ("reveals_closed_at", "results_at"))]
    code = digest({key: m[key] for key in m if key not in {"fingerprint", "format"}}).hex()
    found = code, tree(notice["pool"]).hex(), seed.hex(), sorted({*made} - {*good}), drawn, sorted({*times})
    said = m["fingerprint"], m["root"], m["seed"], m["withheld"], m["selection"], times
    return "OK" if found == said and len(public) >= 20 else "WRONG", m["fingerprint"]


if __name__ == "__main__":
    print(*verdict(json.load(sys.stdin)))
