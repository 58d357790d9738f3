"""Labelled sheets for testing reading: printed by us, filled by made-up pupils, then damaged in a named way.

A case is fully given by layout, kind, severity and seed.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput
from thucchat.engine.sheets.distort import damage
from thucchat.engine.sheets.distort.marking import Page, draw_marks
from thucchat.engine.sheets.distort.truth import Habit, Truth, invent
from thucchat.engine.sheets.layout import Layout
from thucchat.engine.sheets.printing.sheets import PrintedSheet, print_sheets

PHONE = (2000, 1500)  # pixels; `--large` makes 12 megapixels
LARGE_PHONE = (4000, 3000)
LABELS = "labels.jsonl"
Finish = Callable[[Page, float, float, np.random.Generator], NDArray[np.uint8]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One way in which sheets are hard."""

    habit: Callable[[float], Habit]  # of severity
    finish: Finish
    suffix: str = ".jpg"
    dpi: tuple[int, ...] = (150, 200, 300)


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled image."""

    name: str
    kind: str
    severity: float
    seed: int
    layout: str
    truth: Truth
    image: bytes  # encoded

    def label(self) -> dict[str, object]:
        """As a line of the labels file."""
        truth = {"candidate": self.truth.candidate, "code": self.truth.code, "answers": self.truth.answers}
        return {
            "file": self.name,
            "layout": self.layout,
            "kind": self.kind,
            "severity": self.severity,
            "seed": self.seed,
        } | truth


def _scan(page: Page, dpi: float, severity: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    return damage.sensor(damage.feed(page, dpi, severity, rng), severity, rng)


def _black_white(page: Page, dpi: float, severity: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    grey = damage.sensor(damage.feed(page, dpi, severity, rng), severity, rng)
    level = rng.uniform(150 - 10 * severity, 175)
    return np.where(grey < level, np.uint8(0), np.uint8(255))


def _streaked(page: Page, dpi: float, severity: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    return damage.sensor(damage.streaks(damage.feed(page, dpi, 1, rng), severity, rng), severity, rng)


def _cropped(page: Page, dpi: float, severity: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    return damage.sensor(damage.cropped(damage.feed(page, dpi, 1, rng), dpi, severity, rng), 1, rng)


def _damp(page: Page, dpi: float, severity: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    return damage.sensor(damage.feed(damage.damp(page, dpi, severity, rng), dpi, 1, rng), severity, rng)


def _copied(page: Page, dpi: float, severity: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    return damage.sensor(damage.feed(damage.photocopied(page, severity, rng), dpi, 1, rng), severity, rng)


def _photo(page: Page, _: float, severity: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    return damage.sensor(damage.photographed(page, PHONE, severity, rng), severity, rng)


def _large_photo(page: Page, _: float, severity: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    return damage.sensor(damage.photographed(page, LARGE_PHONE, severity, rng), severity, rng)


def _ordinary(severity: float) -> Habit:
    return Habit(changed=0.01 + 0.005 * severity, offset_mm=0.25 + 0.1 * severity)


def _light_pencil(severity: float) -> Habit:
    return Habit(dark=(0.62 - 0.12 * severity, 0.72 - 0.12 * severity), spread=0.05)


def _much_rubbed(severity: float) -> Habit:
    return Habit(changed=0.12, residue=(0.04, 0.08 + 0.06 * severity))


KINDS: dict[str, Kind] = {
    "scan": Kind(_ordinary, _scan),
    "bw": Kind(lambda _: Habit(dark=(0.6, 0.9)), _black_white, ".png", (200, 300)),
    "streaks": Kind(_ordinary, _streaked),
    "cropped": Kind(_ordinary, _cropped),
    "damp": Kind(_ordinary, _damp),
    "photocopy": Kind(_ordinary, _copied),
    "light": Kind(_light_pencil, _scan),
    "rubbed": Kind(_much_rubbed, _scan),
    "crosses": Kind(lambda _: Habit(stroke="cross", dark=(0.8, 0.95)), _scan),
    "ticks": Kind(lambda _: Habit(stroke="tick", dark=(0.8, 0.95)), _scan),
    "struck": Kind(lambda severity: Habit(struck=0.05 * severity), _scan),
    "photo": Kind(_ordinary, _photo, dpi=(200,)),
    "photo12": Kind(_ordinary, _large_photo, dpi=(300,)),
}


def make_cases(
    layout: Layout, kind: str, severity: float, seeds: Sequence[int], fonts: Sequence[Path] = ()
) -> Iterator[Case]:
    """Cases of one kind, one per seed.

    Raises:
        InvalidInput: `distort.kind`.
    """
    if kind not in KINDS:
        raise InvalidInput("distort.kind", f"Không có kiểu làm méo “{kind}”. Các kiểu: {', '.join(KINDS)}.")
    generators = [np.random.default_rng([seed, len(kind), *kind.encode()]) for seed in seeds]
    truths, sheets = [], []
    for seed, rng in zip(seeds, generators, strict=True):
        truth, sheet = _pupil(layout, KINDS[kind].habit(severity), rng, seed)
        truths.append(truth)
        sheets.append(sheet)
    with pypdfium2.PdfDocument(print_sheets(layout, sheets, fonts)) as document:
        for place, (seed, rng) in enumerate(zip(seeds, generators, strict=True)):
            name = f"{layout.name}-{kind}-{severity:g}-{seed}{KINDS[kind].suffix}"
            image = _image(document[place], layout, KINDS[kind], (severity, truths[place]), rng)
            yield Case(name, kind, severity, seed, layout.name, truths[place], image)


def _pupil(layout: Layout, habit: Habit, rng: np.random.Generator, seed: int) -> tuple[Truth, PrintedSheet]:
    """A pupil, and the sheet handed to him: in half of the cases pre-filled with his number."""
    printed = bool(rng.random() < 0.5) or not layout.digits("candidate")
    candidate = "".join(str(digit) for digit in rng.integers(0, 10, layout.digits("candidate") or 8))
    code = "".join(str(digit) for digit in rng.integers(0, 10, layout.digits("code")))
    truth = invent(layout, habit, rng, candidate=candidate, code=code, printed=printed)
    shown = (candidate, code) if printed else ("", "")
    return truth, PrintedSheet(*shown, f"{seed % 1_000_000:06d}")


def _image(
    sheet: pypdfium2.PdfPage, layout: Layout, kind: Kind, case: tuple[float, Truth], rng: np.random.Generator
) -> bytes:
    severity, truth = case
    dpi = int(rng.choice(kind.dpi))
    grey = sheet.render(scale=dpi / 72, grayscale=True).to_numpy()
    page = grey.reshape(grey.shape[:2]).astype(np.float32) / 255
    draw_marks(page, layout, truth.stains, kind.habit(severity), rng)
    shot = kind.finish(page, dpi, severity, rng)
    quality = (
        [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(70, 93))]
        if kind.suffix == ".jpg"
        else [cv2.IMWRITE_PNG_BILEVEL, 1]
    )
    _, content = cv2.imencode(kind.suffix, shot, quality)
    return bytes(content.tobytes())


def write_cases(folder: Path, cases: Iterator[Case]) -> int:
    """Images and their labels, appended to `labels.jsonl`. Returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    with (folder / LABELS).open("a", encoding="utf-8") as labels:
        for case in cases:
            (folder / case.name).write_bytes(case.image)
            labels.write(json.dumps(case.label(), ensure_ascii=False) + "\n")
            count += 1
    return count


def read_labels(folder: Path) -> list[Mapping[str, object]]:
    """The labels written beside images."""
    return [json.loads(line) for line in (folder / LABELS).read_text("utf-8").splitlines()]
