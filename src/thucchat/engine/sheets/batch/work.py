"""What a worker process does: opens a file, or reads some of its pages; a bad file can kill only it."""

import signal
from dataclasses import dataclass
from pathlib import Path

import cv2

from thucchat.engine.errors import InvalidInput
from thucchat.engine.sheets.batch.records import PageRecord
from thucchat.engine.sheets.layout import Layout
from thucchat.engine.sheets.reading.images import Capture, Image, capture, decode, page_count, pages
from thucchat.engine.sheets.reading.page import NOTHING, Measured, measure_page

SECONDS_PER_TASK = 120
MEMORY_BYTES = 3_000_000_000
PAGES_PER_TASK = 24


@dataclass(frozen=True, slots=True)
class Task:
    """Pages `first` up to `last` (from 0, `last` left out) of a file; `last` 0 asks to open it."""

    folder: Path
    file: str  # below `folder`
    first: int = 0
    last: int = 0
    known: tuple[str, ...] = ()  # fingerprints of this file's versions that were read whole before


@dataclass(frozen=True, slots=True)
class Done:
    """What a task gave."""

    task: Task
    records: tuple[PageRecord, ...]
    sha256: str = ""
    pages: int = 0
    whole: bool = False  # read before: nothing to do


@dataclass(slots=True)
class _Worker:
    """The layout that this process reads."""

    layout: Layout | None = None


_WORKER = _Worker()


def begin(layout: Layout) -> None:
    """Prepare the process: one thread, bounded memory."""
    cv2.setNumThreads(1)
    _WORKER.layout = layout
    try:
        import resource
    except ImportError:  # no such limits on this system
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def perform(task: Task) -> Done:
    """Do a task within its time; running over ends the process (decoders cannot be interrupted)."""
    assert _WORKER.layout is not None
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(SECONDS_PER_TASK)
    try:
        return _perform(task, _WORKER.layout)
    finally:
        if hasattr(signal, "SIGALRM"):
            signal.alarm(0)


def _perform(task: Task, layout: Layout) -> Done:
    shot = None
    try:
        shot = capture(task.folder / task.file)
        if shot.sha256 in task.known:
            return Done(task, (), shot.sha256, whole=True)
        count = page_count(shot)
        if task.last == 0 and count > 1:
            return Done(task, (), shot.sha256, count)
        last = task.last or count
        read = [
            _page(task, shot, layout, (place, count), image)
            for place, image in enumerate(pages(shot, task.first, last), task.first + 1)
        ]
        return Done(task, tuple(read), shot.sha256, count)
    except (InvalidInput, OSError, MemoryError) as error:
        code = error.code if isinstance(error, InvalidInput) else "image.unreadable"
        return Done(task, (set_aside(task.file, shot.sha256 if shot else "", code, _message(task, error)),))


def _message(task: Task, error: Exception) -> str:
    return str(error) if isinstance(error, InvalidInput) else f"Không đọc được tệp “{task.file}”."


def set_aside(file: str, sha256: str, code: str, message: str) -> PageRecord:
    """The record of a file that could not be read at all."""
    return PageRecord(file, sha256, 0, 0, (0, 0), f"file:{code}", message, None)


def _page(
    task: Task, shot: Capture, layout: Layout, place: tuple[int, int], image: Image | InvalidInput
) -> PageRecord:
    number, count = place
    if isinstance(image, InvalidInput):
        return PageRecord(
            task.file, shot.sha256, number, count, (0, 0), f"file:{image.code}", str(image), None
        )
    measured, shape = _measure(shot, layout, image)
    return PageRecord(task.file, shot.sha256, number, count, shape, measured.problem, "", measured)


def _measure(shot: Capture, layout: Layout, image: Image) -> tuple[Measured, tuple[int, int]]:
    sizes = [image.shape]

    def finer() -> Image | None:
        larger = decode(shot, full=True) if shot.format in {"jpeg", "png"} else None
        if larger is None or isinstance(larger, InvalidInput):
            return None
        sizes.append(larger.shape)
        return larger

    try:
        measured = measure_page(image, layout, finer)
    except (cv2.error, ValueError, ZeroDivisionError, FloatingPointError):
        # One strange picture must not stop a batch of thousands; a person gets it by name.
        measured = Measured("page:unreadable", None, None, NOTHING, 0)
    height, width = sizes[-1] if measured.fine else sizes[0]
    return measured, (int(height), int(width))
