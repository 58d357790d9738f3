"""From a Word paper and a seed to all its variants: Word files, key table and map."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from thucchat.engine.papers.model import Paper
from thucchat.engine.papers.reading.answers import AnswerList
from thucchat.engine.papers.reading.reader import read_source
from thucchat.engine.papers.reading.sources import open_source
from thucchat.engine.papers.variants import plan_variants
from thucchat.engine.papers.writing.isolate import canonical_of
from thucchat.engine.papers.writing.key_table import key_table
from thucchat.engine.papers.writing.variant_map import VariantMap, map_of
from thucchat.engine.papers.writing.word_variants import shape_of, word_variants


@dataclass(frozen=True, slots=True)
class Shuffled:
    """Everything one shuffling gives."""

    paper: Paper  # the original as read
    seed: str
    fingerprint: str  # SHA-256 of the original file
    maps: tuple[VariantMap, ...]
    files: tuple[bytes, ...]  # one Word file per map
    keys: bytes  # Excel
    kept: dict[int, str]  # canonical position → why its options keep their order


def shuffle(
    content: bytes,
    codes: Sequence[str],
    seed: str,
    *,
    key: AnswerList | None = None,
    statements: bool = False,
) -> Shuffled:
    """Make one variant per code. The same file, codes and seed give the same bytes.

    Raises:
        InvalidInput: what `open_source` and `plan_variants` refuse.
        NoResult: what `canonical_of` cannot do.
    """
    reading = read_source(open_source(content), key)
    canonical = canonical_of(reading)
    rng = np.random.default_rng(list(hashlib.sha256(seed.encode()).digest()))
    plan = plan_variants(shape_of(canonical, statements=statements), codes, rng)
    questions = reading.paper.questions
    maps = tuple(map_of(questions, canonical.numbers, variant) for variant in plan)
    files = tuple(word_variants(reading, canonical, plan))
    kept = {
        place: item.fixed
        for place, item in enumerate(canonical.items, 1)
        if item.fixed and item.slots and item.question.type == "choice"
    }
    fingerprint = hashlib.sha256(content).hexdigest()
    return Shuffled(reading.paper, seed, fingerprint, maps, files, key_table(questions, maps), kept)
