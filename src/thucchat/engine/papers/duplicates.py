"""Items that repeat, or nearly repeat, others: a search over Vietnamese text and equations.

Each item is a bag of character n-grams of its text without tones, and of n-grams of its equations apart,
weighted by how rare they are. Order of options does not matter: each is cut into n-grams by itself. Digits
count little, so that an item whose numbers alone were changed is still found. Similarity is the cosine,
0 to 1.
"""

import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from thucchat.engine.errors import InvalidInput
from thucchat.engine.vietnamese import unaccented

FEATURES = 1 << 20  # places that n-grams are hashed to
GRAM = 5  # characters of text: about a syllable and its neighbours' edges
EQUATION_GRAM = 3
NEAR = 0.55  # similarity from which a person should look
COMMON = 0.1  # n-grams in more than this share of a large bank say nothing
LARGE = 1000  # items
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # 2**64 / golden ratio: spreads neighbours
EQUATION = re.compile(r"\$([^$]*)\$")
NUMBER = re.compile(r"\d+")
MARKS = re.compile(r"[^\w\s#]+")
SPACES = re.compile(r"\s+")
LATEX_FILLING = re.compile(r"\\(?:left|right|displaystyle|,|;|!|quad|mathrm|text)|[{}\s]")


@dataclass(frozen=True, slots=True)
class ItemText:
    """What an item says."""

    id: str
    stem: str  # equations as LaTeX between $
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An item of the bank that an item asked about resembles."""

    asked: str  # id
    found: str  # id
    similarity: float  # 0 to 1
    same_text: bool  # equal but for spaces, tones, marks and the order of options


@dataclass(frozen=True, slots=True)
class TextIndex:
    """A bank ready to be searched."""

    ids: tuple[str, ...]
    rarity: NDArray[np.float32]  # (FEATURES,), 0 where an n-gram says nothing
    weights: sparse.csr_array  # (FEATURES, items), columns of length 1
    prints: NDArray[np.uint32]  # (items,) checksum of the normal form


def build_index(items: Sequence[ItemText]) -> TextIndex:
    """Index a bank.

    Raises:
        InvalidInput: `items.none`, `items.twice`.
    """
    ids = tuple(item.id for item in items)
    if not ids:
        raise InvalidInput("items.none", "Ngân hàng chưa có câu hỏi nào để so.")
    if len(set(ids)) < len(ids):
        raise InvalidInput("items.twice", "Trong ngân hàng có hai câu cùng mã.")
    segments = [_segments(item) for item in items]
    counts = _counts(segments)
    present = np.bincount(counts.indices, minlength=FEATURES)
    rarity = np.log((1 + len(ids)) / (1 + present)).astype(np.float32)
    if len(ids) >= LARGE:
        rarity[present > COMMON * len(ids)] = 0
    rarity = np.maximum(rarity, np.float32(0.01)) if len(ids) < LARGE else rarity
    return TextIndex(ids, rarity, _weighted(counts, rarity).T.tocsr(), _prints(segments))


def find_duplicates(
    index: TextIndex, items: Sequence[ItemText], *, near: float = NEAR
) -> tuple[Duplicate, ...]:
    """All pairs of an item and another of the bank at least `near` alike, most alike first for each item."""
    segments = [_segments(item) for item in items]
    alike = (_weighted(_counts(segments), index.rarity) @ index.weights).tocoo()
    prints = _prints(segments)
    rows, columns = alike.coords
    same = prints[rows] == index.prints[columns]
    keep = np.flatnonzero((alike.data >= near) | same)
    order = keep[np.lexsort((columns[keep], -alike.data[keep], rows[keep]))]
    return tuple(
        Duplicate(items[row].id, index.ids[column], min(float(value), 1.0), bool(equal))
        for row, column, value, equal in zip(
            rows[order], columns[order], alike.data[order], same[order], strict=True
        )
        if items[row].id != index.ids[column]
    )


def _segments(item: ItemText) -> tuple[list[str], list[str]]:
    """Texts and equations in normal form."""
    parts = (item.stem, *item.options)
    equations = [LATEX_FILLING.sub("", found) for part in parts for found in EQUATION.findall(part)]
    texts = [_normal(EQUATION.sub(" ", part)) for part in parts]
    return [text for text in texts if text], [equation for equation in equations if equation]


def _normal(text: str) -> str:
    return SPACES.sub(" ", MARKS.sub(" ", unaccented(text))).strip()


def _prints(segments: Iterable[tuple[list[str], list[str]]]) -> NDArray[np.uint32]:
    """Checksums in which the stem comes first and the order of options is lost."""
    lines = ("\n".join([*texts[:1], *sorted(texts[1:]), *sorted(maths)]) for texts, maths in segments)
    return np.array([zlib.crc32(line.encode()) for line in lines], dtype=np.uint32)


def _counts(segments: Sequence[tuple[list[str], list[str]]]) -> sparse.csr_array:
    """(items, FEATURES) how often each n-gram occurs."""
    texts = _grams([[NUMBER.sub("#", text) for text in own] for own, _ in segments], GRAM, salt=1)
    maths = _grams([[NUMBER.sub("#", text) for text in own] for _, own in segments], EQUATION_GRAM, salt=2)
    rows = np.concatenate([texts[0], maths[0]])
    columns = np.concatenate([texts[1], maths[1]])
    ones = np.ones(len(rows), np.float32)
    counts = sparse.coo_array((ones, (rows, columns)), shape=(len(segments), FEATURES)).tocsr()
    counts.sum_duplicates()
    return counts


def _grams(
    texts: Sequence[Sequence[str]], length: int, *, salt: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Item and place of every n-gram of `length` characters, over all texts at once.

    Each text stands between blanks; n-grams that reach over the zero between two texts are dropped.
    """
    joined = ["\0".join(f" {text} " for text in own) + "\0" for own in texts]
    codes = np.frombuffer("".join(joined).encode("utf-32-le"), dtype=np.uint32)
    owner = np.repeat(np.arange(len(joined)), [len(text) for text in joined])
    count = max(len(codes) - length + 1, 0)
    hashes = np.full(count, salt, np.uint64)
    whole = np.ones(count, bool)
    for shift in range(length):
        part = codes[shift : shift + count]
        hashes = (hashes ^ part) * MULTIPLIER
        hashes ^= hashes >> np.uint64(29)
        whole &= part > 0
    places = (hashes[whole] >> np.uint64(64 - 20)).astype(np.int64)
    return owner[:count][whole], places


def _weighted(counts: sparse.csr_array, rarity: NDArray[np.float32]) -> sparse.csr_array:
    """Rows of length 1; frequent n-grams of one item count by their logarithm."""
    weights = counts.copy()
    weights.data = (1 + np.log(weights.data)) * rarity[weights.indices]
    lengths = np.sqrt(weights.multiply(weights).sum(axis=1))
    rows = np.repeat(np.arange(weights.shape[0]), np.diff(weights.indptr))
    weights.data /= np.maximum(lengths[rows], np.float32(1e-9))
    weights.eliminate_zeros()
    return weights
