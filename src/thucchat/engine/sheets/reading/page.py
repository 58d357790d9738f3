"""Reads one page: finds it, measures its ink, decides its marks, settles whose it is."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from thucchat.engine.sheets.layout import CANDIDATE, CODE, IDENTITY, Layout
from thucchat.engine.sheets.reading.answers import Answer, Identity, answers_from, identify
from thucchat.engine.sheets.reading.corner_codes import CornerCodes, read_codes
from thucchat.engine.sheets.reading.decide import BLANK, SINGLE, Marks, decide
from thucchat.engine.sheets.reading.images import Image
from thucchat.engine.sheets.reading.landmarks import place_by_landmarks
from thucchat.engine.sheets.reading.light import paper_white, without_streaks
from thucchat.engine.sheets.reading.locate import Placement, place_layout
from thucchat.engine.sheets.reading.registration import place_by_blank
from thucchat.engine.sheets.reading.sampling import Floats, Ink, measure
from thucchat.engine.sheets.reading.settings import Thresholds
from thucchat.engine.sheets.reading.squares import Squares, find_spoilt_squares, find_squares

FINE_ENOUGH = 4.2  # pixels per mm; coarser pages are decoded again at full size
WEAK_MATCH = 0.5  # of the layout's own outline correlation, below which the placement is not trusted
SURE_MM = 0.6  # the same of anchors that leave no doubt
FAR_OFF_MM = 1.2  # root mean square of anchors
BLANK_INK = 0.004  # share of dark pixels on an empty page
INK = 0.6  # of paper white

# Why a page was set aside; nothing on it is then read.
NOT_FOUND, EMPTY, TWO_SHEETS, OTHER_LAYOUT, UNREADABLE = SET_ASIDE = (
    "page:not_found",
    "page:blank",
    "page:two_sheets",
    "page:other_layout",
    "page:unreadable",
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a page gave before anything was decided; with the layout, all that deciding again needs."""

    problem: str  # "" or one of SET_ASIDE
    placement: Placement | None
    ink: Ink | None
    codes: CornerCodes
    streaks: int  # image columns bridged
    fine: float = 0.0  # pixels per mm


@dataclass(frozen=True, slots=True)
class SheetReading:
    """One sheet as read."""

    layout: str
    candidate: Identity
    code: Identity
    serial: str
    answers: tuple[Answer, ...]  # in the order of the layout's questions
    flags: tuple[str, ...]  # everything remarkable: "I.5:faint", "candidate:conflict", "page:not_found"
    review: tuple[str, ...]  # the flags for which a person must look
    marks: Marks | None  # None when the page was set aside

    @property
    def set_aside(self) -> bool:
        """Whether nothing could be read."""
        return self.marks is None


NOTHING = CornerCodes(0, None, conflict=False)


def read_page(image: Image, layout: Layout, thresholds: Thresholds | None = None) -> SheetReading:
    """Read a page in one go."""
    return settle(layout, measure_page(image, layout), thresholds)


def measure_page(image: Image, layout: Layout, finer: Callable[[], Image | None] | None = None) -> Measured:
    """Find the page and measure it; `finer` gives the image at full size when this one is too coarse."""
    clean, streaks = without_streaks(image)
    white = paper_white(clean)
    squares = find_squares(clean, white, layout)
    choices = _placements(layout, clean, white, squares)
    if not choices:
        return Measured(EMPTY if _is_blank(clean) else NOT_FOUND, None, None, NOTHING, streaks)
    fine = _fineness(choices[0], layout)
    if (
        fine < FINE_ENOUGH
        and finer is not None
        and (larger := finer()) is not None
        and larger.size > image.size
    ):
        return measure_page(larger, layout)
    measured = [(one, measure(clean, white, layout, one)) for one in choices]
    placement, ink = max(measured, key=lambda pair: pair[1].match)
    codes = read_codes(clean, layout, placement)
    problem = _problem(layout, placement, ink, codes)
    if not problem and _by_dark_marks(layout) and _second_page(layout, squares, placement, clean.shape):
        problem = TWO_SHEETS
    return Measured(problem, placement, ink, codes, streaks, fine)


def _placements(layout: Layout, image: Image, white: Floats, squares: Squares) -> list[Placement]:
    """Where the page may lie: by the picture of its blank if the layout has one, else by its marks."""
    if layout.picture and (placed := place_by_blank(layout, image)):
        return [placed]
    if not _by_dark_marks(layout):
        return place_by_landmarks(layout, image) if layout.anchors else []
    choices = place_layout(layout, squares, image.shape)
    spoilt = find_spoilt_squares(image, white, layout)
    while not choices and (others := next(spoilt, None)):
        choices = place_layout(layout, others, image.shape)
    return choices


def _by_dark_marks(layout: Layout) -> bool:
    return bool(layout.anchors) and not any(one.picture for one in layout.anchors)


def _problem(layout: Layout, placement: Placement, ink: Ink, codes: CornerCodes) -> str:
    if codes.code is not None and codes.code.layout != layout.name:
        return OTHER_LAYOUT
    sure = placement.found > len(layout.anchors) // 2 and placement.error < SURE_MM
    needed = WEAK_MATCH / 2 if sure and codes.code is not None else WEAK_MATCH
    return "" if placement.flat or ink.match >= needed * layout.outline else NOT_FOUND


def _is_blank(image: Image) -> bool:
    middle = image[image.shape[0] // 20 : -image.shape[0] // 20, image.shape[1] // 20 : -image.shape[1] // 20]
    return float((middle < INK * np.median(middle)).mean()) < BLANK_INK


def _fineness(placement: Placement, layout: Layout) -> float:
    """Pixels per mm in the middle of the page, along the coarser axis."""
    middle = np.array([[layout.width / 2, layout.height / 2]])
    steps = [placement.pixels(middle + step) - placement.pixels(middle) for step in ([1.0, 0.0], [0.0, 1.0])]
    return float(min(np.hypot(*step[0]) for step in steps))


def _second_page(layout: Layout, squares: Squares, placement: Placement, shape: tuple[int, ...]) -> bool:
    """Whether the squares that this page does not explain make up another."""
    own = placement.pixels(np.array([one.at for one in layout.anchors]))
    apart = np.hypot(*np.moveaxis(squares.centres[:, None] - own[None], -1, 0)).min(axis=1)
    corners = placement.pixels(np.array([[0, 0], [layout.width, layout.height]]))
    low, high = corners.min(axis=0), corners.max(axis=0)
    outside = ((squares.centres < low) | (squares.centres > high)).any(axis=1)
    left = (apart > squares.sides) & outside
    if left.sum() < min(4, len(layout.anchors)):
        return False
    return bool(place_layout(layout, Squares(squares.centres[left], squares.sides[left]), shape))


def settle(layout: Layout, measured: Measured, thresholds: Thresholds | None = None) -> SheetReading:
    """Decide a measured page."""
    code = measured.codes.code
    candidate, paper, serial = (code.candidate, code.code, code.serial) if code else ("", "", "")
    if measured.problem or measured.ink is None:
        unread = [Identity("", "", printed, "absent") for printed in (candidate, paper)]
        why = (measured.problem,)
        return SheetReading(layout.name, unread[0], unread[1], serial, (), why, why, None)
    marks = decide(layout, measured.ink, thresholds)
    if measured.placement is not None and measured.placement.error > FAR_OFF_MM:
        marks = replace(marks, doubtful=np.ones_like(marks.doubtful))
    answers = answers_from(layout, marks)
    who = identify(answers.get(CANDIDATE), candidate)
    which = identify(answers.get(CODE), paper)
    kept = tuple(answers[question] for question in layout.questions)
    flags, review = _flags(layout, measured, {CANDIDATE: who, CODE: which}, kept)
    return SheetReading(layout.name, who, which, serial, kept, flags, review, marks)


def _flags(
    layout: Layout, measured: Measured, identities: dict[str, Identity], answers: tuple[Answer, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    review = [
        f"{name}:{identities[name].problem}" for name in IDENTITY if _asked(layout, name, identities[name])
    ]
    if measured.codes.conflict:
        review.append("corner:conflict")
    flags = []
    if layout.codes and measured.codes.read < len(layout.codes):
        flags.append(f"corner:{measured.codes.read}/{len(layout.codes)}")
    if measured.streaks:
        flags.append(f"streaks:{measured.streaks}")
    if measured.placement is not None and measured.placement.error > FAR_OFF_MM:
        review.append("page:bent")
    for one in answers:
        kinds = [*(one.flags), *([one.state] if one.state not in {BLANK, SINGLE} else [])]
        kinds += ["rival"] if one.doubtful and not kinds else []
        (review if one.doubtful else flags).extend(f"{one.question}:{kind}" for kind in kinds)
    return (*review, *flags), tuple(review)


def _asked(layout: Layout, name: str, identity: Identity) -> bool:
    """Whether a problem matters: a form without the grid and without codes is not asked for the value."""
    return bool(identity.problem) and (
        bool(layout.digits(name)) or (name == CANDIDATE and bool(layout.codes))
    )
