"""Forms as other programs draw them: other corner marks, bubbles and digit grids. Lengths are millimetres.

Nothing here uses our printing; where a bubble stands is known from the drawing, not from the fitted layout.
"""

import cv2
import numpy as np

from thucchat.engine.sheets.distort.accuracy import Outcome, compare
from thucchat.engine.sheets.distort.marking import draw_marks
from thucchat.engine.sheets.distort.suite import KINDS
from thucchat.engine.sheets.distort.truth import invent
from thucchat.engine.sheets.fitting import fit_layout
from thucchat.engine.sheets.layout_files import layout_from
from thucchat.engine.sheets.reading.images import capture_bytes, decode
from thucchat.engine.sheets.reading.page import measure_page, settle

DPI = 200
MM = DPI / 25.4
A4 = {"width": 210, "height": 297}
CORNERS = [(12, 12), (198, 12), (12, 285), (198, 285)]
TRACK = [(8, 30 + 6 * place) for place in range(40)]


def pixel(place):
    return tuple(round(axis * MM) for axis in place)


def disc(page, at, radius, level=0):
    cv2.circle(page, pixel(at), round(radius * MM), level, -1, cv2.LINE_AA)


def target(page, at, radius):
    for share, level in ((1.0, 0), (0.66, 255), (0.33, 0)):
        disc(page, at, radius * share, level)


def bar(page, at, width, height):
    reach = np.array([width, height]) / 2
    cv2.rectangle(page, pixel(at - reach), pixel(at + reach), 0, -1)


def cross(page, at, reach):
    for step in ((reach, 0), (0, reach)):
        cv2.line(page, pixel(np.subtract(at, step)), pixel(np.add(at, step)), 0, 3)


def words(page, at, text):
    cv2.putText(page, text, pixel(at), 0, 1.6, 0, 4)


def digits(at, each, option, columns, field="candidate"):
    return {"kind": "digits", "field": field, "columns": columns, "at": at, "each": each, "option": option}


def choices(first, count, values, at, each, option):
    return {
        "kind": "choice",
        "first": first,
        "count": count,
        "values": values,
        "at": at,
        "each": each,
        "option": option,
    }


# Name: page and blocks, what is drawn beside the bubbles, what a person points at.
STYLES = {
    "discs and boxes": (
        A4
        | {
            "bubble": [3.6, 3.6],
            "shape": "box",
            "blocks": [
                digits([25, 40], [6, 0], [0, 5.4], 8),
                choices(1, 25, "ABCDE", [100, 40], [0, 6.4], [8, 0]),
                choices(26, 15, "ABCDE", [100, 210], [0, 4.6], [8, 0]),
            ],
        },
        [(disc, place, 2.4) for place in CORNERS],
        CORNERS,
    ),
    "targets": (
        A4
        | {
            "bubble": [4.6, 4.6],
            "blocks": [
                digits([30, 60], [6.6, 0], [0, 5.3], 9),
                choices(21, 4, "ABCD", [30, 130], [0, 13], [7, 0]),
                choices(41, 10, "ABCD", [75, 190], [0, 6.5], [7, 0]),
            ],
        },
        [(target, place, 5) for place in ((18, 45), (192, 45), (18, 270), (192, 270))],
        [(18, 45), (192, 45), (18, 270), (192, 270)],
    ),
    "options below each other": (
        {
            "width": 148,
            "height": 210,
            "bubble": [4.4, 4.4],
            "blocks": [
                choices(1, 15, "ABCD", [22, 70], [7.4, 0], [0, 6.5]),
                choices(16, 15, "ABCD", [22, 110], [7.4, 0], [0, 6.5]),
                digits([100, 18], [6.5, 0], [0, 4.9], 5),
            ],
        },
        [(bar, place, 6, 6) for place in ((10, 10), (138, 10), (10, 200), (138, 200))],
        [(10, 10), (138, 10), (10, 200), (138, 200)],
    ),
    "small marks, many ovals": (
        A4
        | {
            "bubble": [4.2, 2.8],
            "blocks": [
                digits([30, 35], [5.6, 0], [0, 3.9], 6),
                *(
                    choices(1 + 45 * frame, 45, "1234", [30 + 45 * frame, 85], [0, 4.4], [6.2, 0])
                    for frame in range(4)
                ),
            ],
        },
        [(bar, place, 3.6, 3.6) for place in (*CORNERS, (8, 150), (202, 130))],
        [*CORNERS, (8, 150), (202, 130)],
    ),
    "timing track, lying digits": (
        A4
        | {
            "bubble": [5.0, 2.6],
            "shape": "box",
            "blocks": [
                digits([40, 30], [0, 6], [7, 0], 7),
                digits([130, 30], [0, 6], [7, 0], 3, "code"),
                choices(1, 30, "ABCD", [40, 85], [0, 6], [9, 0]),
                choices(31, 30, "ABCD", [120, 85], [0, 6], [9, 0]),
            ],
        },
        [(bar, place, 5, 2.2) for place in TRACK] + [(bar, place, 5, 5) for place in ((202, 20), (202, 280))],
        [TRACK[0], TRACK[12], TRACK[39], (202, 20), (202, 280)],
    ),
    "no dark marks": (
        A4
        | {
            "bubble": [4.2, 4.2],
            "blocks": [
                digits([150, 50], [6, 0], [0, 5.6], 6),
                choices(1, 25, "ABCD", [30, 60], [0, 7.5], [8, 0]),
                choices(26, 20, "ABCD", [80, 60], [0, 7.5], [8, 0]),
            ],
        },
        [(cross, place, 5) for place in CORNERS]
        + [(words, (60, 25), "BAI KIEM TRA"), (words, (150, 222), "DIEM")],
        [*CORNERS, (75, 23), (162, 220)],
    ),
}


def drawn(style):
    """The blank, and the layout that the drawing follows."""
    data, marks, _ = STYLES[style]
    anchors = [{"at": [5, 5], "size": 4}] * 4
    true = layout_from({**data, "name": "khac", "anchors": anchors})
    page = np.full(pixel((data["height"], data["width"])), 255, np.uint8)
    reach = np.array(true.bubble) / 2
    for centre, value in zip(true.map.centres, true.map.values, strict=True):
        if true.shape == "box":
            cv2.rectangle(page, pixel(centre - reach), pixel(centre + reach), 80, 2)
        else:
            cv2.ellipse(page, pixel(centre), pixel(reach), 0, 0, 360, 80, 2, cv2.LINE_AA)
        cv2.putText(page, value, pixel(centre + np.array([-0.8, 0.8])), 0, 0.35, 120, 1, cv2.LINE_AA)
    for draw, *where in marks:
        draw(page, *where)
    return page, true


def fitted(style, page, true):
    """The layout that a person gets who points at the blank with a hand that shakes by half a millimetre."""
    data, _, places = STYLES[style]
    rng = np.random.default_rng(7)
    rough = [[float(axis) for axis in np.multiply(place, MM) + rng.normal(0, 4, 2)] for place in places]
    pointed = {
        "name": "khac",
        "width": data["width"],
        "height": data["height"],
        "bubble": [float(side * MM) for side in data["bubble"]],
        "shape": true.shape,
        "blocks": [pointed_block(block, rng) for block in true.blocks],
        "landmarks" if style == "no dark marks" else "anchors": rough,
    }
    scan = np.clip(page * 0.97 + rng.normal(0, 2, page.shape), 0, 255).astype(np.uint8)
    return layout_from(fit_layout(scan, pointed))


def pointed_block(block, rng):
    first, last = block.fields[0], block.fields[-1]
    ends = [
        [float(axis) for axis in np.multiply(centre, MM) + rng.normal(0, 0.7, 2)]
        for centre in (first.centres[0], last.centres[-1])
    ]
    entry = {
        "kind": block.kind,
        "from": ends[0],
        "to": ends[1],
        "across": abs(block.option[0]) > abs(block.option[1]),
    }
    if block.kind == "digits":
        return entry | {"field": first.question, "columns": len(block.fields)}
    return entry | {
        "first": int(block.labels[0]),
        "count": len(block.fields),
        "values": "".join(first.values),
    }


def photographs(style, kind, severity, seeds):
    """Filled and damaged copies of a foreign form: image, candidate and paper code, answers."""
    page, true = drawn(style)
    for seed in seeds:
        rng = np.random.default_rng([seed, *kind.encode()])
        habit = KINDS[kind].habit(severity)
        who, which = (
            "".join(map(str, rng.integers(0, 10, true.digits(field)))) for field in ("candidate", "code")
        )
        truth = invent(true, habit, rng, candidate=who, code=which, printed=False)
        filled = page.astype(np.float32) / 255
        draw_marks(filled, true, truth.stains, habit, rng)
        shot = KINDS[kind].finish(filled, DPI, severity, rng)
        image = decode(capture_bytes("x", cv2.imencode(KINDS[kind].suffix, shot)[1].tobytes()))
        yield image, (who, which), truth.answers


def read_many(style, kind, severity, seeds):
    """Outcome over filled and damaged copies of a foreign form, read by the layout fitted to it."""
    layout = fitted(style, *drawn(style))
    total = Outcome()
    for image, identity, answers in photographs(style, kind, severity, seeds):
        total += compare(settle(layout, measure_page(image, layout)), *identity, answers)
    return total
