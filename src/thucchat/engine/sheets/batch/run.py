"""Reads a folder or file in parallel, on top of a journal: resumable, and no file can stop the others."""

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from thucchat.engine.errors import InvalidInput
from thucchat.engine.sheets.batch.journal import Journal
from thucchat.engine.sheets.batch.work import PAGES_PER_TASK, Done, Task, begin, perform, set_aside
from thucchat.engine.sheets.layout import Layout
from thucchat.engine.sheets.reading.images import SUFFIXES

Progress = Callable[[int, int], None]  # pages read, pages known of
IN_FLIGHT = 4  # tasks per worker handed out at a time, so that memory stays bounded
NO_BYTES = "0" * 64


def find_files(path: Path) -> tuple[Path, list[str]]:
    """The folder and the names below it, sorted, without hidden files and links; a file is a batch of one.

    Raises:
        InvalidInput: `batch.empty`.
    """
    if path.is_file():
        return path.parent, [path.name]
    if not path.is_dir():
        raise FileNotFoundError(2, "no such file", str(path))
    found = [
        one
        for one in path.rglob("*")
        if one.suffix.lower() in SUFFIXES and one.is_file() and not one.is_symlink()
    ]
    names = sorted(str(one.relative_to(path)) for one in found if not one.name.startswith("."))
    if not names:
        raise InvalidInput("batch.empty", f"Thư mục “{path.name}” không có tệp PDF, TIFF, JPEG hay PNG nào.")
    return path, names


def read_batch(
    path: Path, journal: Journal, layout: Layout, workers: int, progress: Progress | None = None
) -> None:
    """Read everything under `path` that the journal does not hold yet."""
    folder, names = find_files(path)
    batch = _Batch(journal, layout, max(1, workers), progress or _silent)
    whole = _whole_files(journal)
    batch.run([Task(folder, name, known=tuple(whole.get(name, ()))) for name in names])


def _whole_files(journal: Journal) -> dict[str, list[str]]:
    """Fingerprints of the files, by name, of which the journal holds every page."""
    pages = Counter((one.file, one.sha256, one.pages) for one in journal.records)
    whole: dict[str, list[str]] = {}
    for (name, sha256, count), found in pages.items():
        if found >= count:
            whole.setdefault(name, []).append(sha256)
    return whole


def _silent(_done: int, _total: int) -> None:
    pass


class _Batch:
    """The state of one run: what waits, what is known to be done."""

    def __init__(self, journal: Journal, layout: Layout, workers: int, progress: Progress) -> None:
        self.journal, self.layout, self.workers, self.progress = journal, layout, workers, progress
        self.known = {one.key for one in journal.records}
        self.waiting: list[Task] = []
        self.total = self.done = 0

    def run(self, tasks: Sequence[Task]) -> None:
        """Open every file, then read the pages that are missing."""
        self.waiting = list(reversed(tasks))
        self.total = len(tasks)
        while self.waiting:
            left = self._pool(self.workers)
            for task in left:  # one of these broke the pool: find out which by running each alone
                self._alone(task)

    def _pool(self, workers: int) -> list[Task]:
        """Work until nothing waits; returns the tasks in flight when a process died."""
        running: dict[Future[Done], Task] = {}
        with _executor(workers, self.layout) as pool:
            try:
                while self.waiting or running:
                    while self.waiting and len(running) < workers * IN_FLIGHT:
                        running[pool.submit(perform, self.waiting[-1])] = self.waiting[-1]
                        self.waiting.pop()
                    finished, _ = wait(running, return_when=FIRST_COMPLETED)
                    self._accept(
                        sorted((one for one in finished), key=lambda one: running[one].file), running
                    )
            except BrokenProcessPool:
                return list(running.values())
        return []

    def _accept(self, finished: Sequence[Future[Done]], running: dict[Future[Done], Task]) -> None:
        for future in finished:
            done = future.result()
            del running[future]
            self._keep(done)

    def _alone(self, task: Task) -> None:
        with _executor(1, self.layout) as pool:
            try:
                done = pool.submit(perform, task).result()
            except BrokenProcessPool:
                message = f"Tệp “{task.file}” làm hỏng trình đọc hoặc đọc quá lâu."
                done = Done(task, (set_aside(task.file, NO_BYTES, "image.crash", message),))
        self._keep(done)

    def _keep(self, done: Done) -> None:
        """Write what a task gave; a file that was only opened leads to its missing pages."""
        if not done.records and done.pages and not done.whole:
            self.waiting.extend(reversed(list(self._missing(done))))
            self.total += done.pages - 1
            self.progress(self.done, self.total)
            return
        fresh = [one for one in done.records if one.key not in self.known]
        self.journal.add(fresh)
        self.known.update(one.key for one in fresh)
        self.done += len(done.records) or 1
        self.progress(self.done, self.total)

    def _missing(self, done: Done) -> Iterator[Task]:
        task = done.task
        for first in range(0, done.pages, PAGES_PER_TASK):
            last = min(first + PAGES_PER_TASK, done.pages)
            if any((task.file, done.sha256, page + 1) not in self.known for page in range(first, last)):
                yield Task(task.folder, task.file, first, last)
            else:
                self.done += last - first


def _executor(workers: int, layout: Layout) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=begin, initargs=(layout,))
