"""Risk-limiting audit of reading: how many sheets people must compare with the paper, and which ones.

Two layers. For the whole batch: a simple random sample that limits the chance of passing a batch with too
many wrong sheets. For a ranked school: sheets drawn in proportion to their score, which limits the chance
that its mean is overstated. Samples come from a public seed and only ever grow; nobody can re-draw.
"""

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput

RISK = 0.05
GUESS_DIGITS = 16
FIRST_SHARE = 0.8
MOST_STAGES = 12


@dataclass(frozen=True, slots=True)
class BatchVerdict:
    """Where the audit of a batch stands."""

    examined: int  # sheets, in the order drawn
    wrong: int  # of them with a discrepancy
    passed: bool
    needed: (
        int  # sheets in all that would pass if no further discrepancy is found; 0: every sheet must be read
    )


@dataclass(frozen=True, slots=True)
class MeanVerdict:
    """Where the audit of a school's mean stands."""

    examined: int  # draws
    p_value: float  # smallest so far; at most `risk` ends the audit
    passed: bool
    needed: int  # draws in all that would pass if every further draw agrees; 0 when that cannot be


def zero_sample(limit: float, risk: float = RISK) -> int:
    """Sheets without discrepancy after which an error rate of `limit` had shown with chance 1 - `risk`.

    2,995 for 0.1 % at 5 %.
    Raises:
        InvalidInput: `audit.limit`.
    """
    return audit_stages(limit, risk)[0]


def audit_stages(limit: float, risk: float = RISK, stages: int = 1) -> tuple[int, ...]:
    """Sizes of the sample: a batch passes at stage k (from 0) with at most k discrepancies in so many sheets.

    The chance that a batch at the limit passes at any stage is at most `risk`. With one stage all of it is
    spent on a sample without discrepancy; with more, the first takes FIRST_SHARE and each next half of what
    is left. Sampling is taken to be with replacement, which errs on the safe side.
    Raises:
        InvalidInput: `audit.limit`.
    """
    if not (0 < limit < 1 and 0 < risk < 1 and 1 <= stages <= MOST_STAGES):
        raise InvalidInput(
            "audit.limit", f"Giới hạn sai {limit} và rủi ro {risk} phải lớn hơn 0 và nhỏ hơn 1."
        )
    alive = np.eye(1, stages)[0]  # chance of k discrepancies so far without having passed
    sizes: list[int] = []
    spent = 0.0
    for stage in range(stages):
        allowed = risk if stages == 1 else risk * (1 - (1 - FIRST_SHARE) * 0.5**stage)
        more = _least_more(alive, stage, limit, allowed - spent)
        sizes.append((sizes[-1] if sizes else 0) + more)
        alive = _grown(alive, more, limit)
        spent += alive[stage]
        alive[stage] = 0.0
    return tuple(sizes)


def _grown(alive: NDArray[np.float64], more: int, limit: float) -> NDArray[np.float64]:
    """Chances after `more` sheets; counts beyond the last stage are dropped, they never pass."""
    added = [math.comb(more, k) * limit**k * (1 - limit) ** (more - k) for k in range(len(alive))]
    return np.convolve(alive, added)[: len(alive)]


def _least_more(alive: NDArray[np.float64], stage: int, limit: float, allowed: float) -> int:
    """Fewest further sheets after which the chance of passing at `stage` is at most `allowed`."""
    low, high = 0, 1
    while _grown(alive, high, limit)[: stage + 1].sum() > allowed:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        enough = _grown(alive, middle, limit)[: stage + 1].sum() <= allowed
        low, high = (low, middle) if enough else (middle, high)
    return high


def judge_batch(stages: Sequence[int], wrong_at: Sequence[int], examined: int) -> BatchVerdict:
    """Verdict on a batch, from the places (from 1, in drawing order) of the sheets found wrong.

    Raises:
        InvalidInput: `audit.counts`.
    """
    if examined < 0 or any(not 1 <= place <= examined for place in wrong_at):
        raise InvalidInput("audit.counts", f"Phiếu sai phải nằm trong {examined} phiếu đã xem.")
    for stage, size in enumerate(stages):
        wrong = sum(place <= size for place in wrong_at)
        if wrong <= stage:
            return BatchVerdict(examined, len(wrong_at), examined >= size, size)
    return BatchVerdict(examined, len(wrong_at), passed=False, needed=0)


def draw_order(seed: str, sheets: Iterable[str]) -> list[str]:
    """All sheets in the order in which they are to be examined: a longer sample contains every shorter one.

    The order is that of SHA-256(seed, newline, name), so anybody can repeat it with any tool.
    """
    checked_seed(seed)
    names = sorted(set(sheets))
    return sorted(names, key=lambda name: hashlib.sha256(f"{seed}\n{name}".encode()).digest())


def checked_seed(seed: str) -> str:
    """The public seed, long enough that nobody can try them all beforehand.

    Raises:
        InvalidInput: `audit.seed`.
    """
    if len(seed) < GUESS_DIGITS:
        raise InvalidInput(
            "audit.seed",
            f"Hạt giống “{seed}” quá ngắn; hãy gieo ít nhất {GUESS_DIGITS} chữ số trước nhiều người.",
        )
    return seed


def draw_by_score(seed: str, sheets: Sequence[str], scores: NDArray[np.float64], draws: int) -> list[str]:
    """`draws` sheets, chances in proportion to score, with replacement; draw k hangs on the seed and k alone.

    Shapes:
        scores: (sheets,), points, at least 0.
    Raises:
        InvalidInput: `audit.seed`, `audit.scores`.
    """
    checked_seed(seed)
    if len(sheets) != len(scores) or not (
        np.isfinite(scores).all() and (scores >= 0).all() and scores.sum() > 0
    ):
        raise InvalidInput(
            "audit.scores", "Cần điểm từ 0 trở lên cho từng phiếu và ít nhất một điểm lớn hơn 0."
        )
    order = np.argsort(np.array(sheets))
    bounds = np.cumsum(scores[order])
    places = [
        int.from_bytes(hashlib.sha256(f"{seed}\n#{k}".encode()).digest()[:8]) / 2**64 for k in range(draws)
    ]
    chosen = np.searchsorted(bounds, np.array(places) * bounds[-1], side="right")
    return [sheets[order[min(one, len(sheets) - 1)]] for one in chosen]


def judge_mean(taints: NDArray[np.float64], mean: float, margin: float, risk: float = RISK) -> MeanVerdict:
    """Whether a school's `mean` is overstated by `margin` points or more, from draws in proportion to score.

    A taint is (score given - score on paper) / score given, at most 1; negative when the paper is worth more.
    The p-value is the running product of (1 - margin / mean) / (1 - taint) (Kaplan-Markov); if the mean is
    overstated by `margin`, its inverse is a non-negative martingale, so one may look after every draw.
    Shapes:
        taints: (draws,), in the order drawn.
    Raises:
        InvalidInput: `audit.mean`, `audit.taints`.
    Source:
        Stark (2009), Auditing a collection of races simultaneously; G34 of the integrity goals.
    """
    if not 0 < margin < mean:
        raise InvalidInput(
            "audit.mean", f"Mức thổi phồng {margin} phải lớn hơn 0 và nhỏ hơn điểm trung bình {mean}."
        )
    if (taints > 1).any() or np.isnan(taints).any():
        raise InvalidInput(
            "audit.taints", "Chênh lệch của một phiếu không thể lớn hơn điểm đã công bố của phiếu đó."
        )
    share = 1 - margin / mean
    with np.errstate(divide="ignore"):
        logs = np.cumsum(math.log(share) - np.log1p(-taints))
    lowest = float(logs.min(initial=0.0))
    passed = lowest <= math.log(risk)
    state = float(logs[-1]) if len(logs) else 0.0
    further = math.ceil((math.log(risk) - state) / math.log(share)) if math.isfinite(state) else 0
    needed = len(taints) if passed else (len(taints) + further if math.isfinite(state) else 0)
    return MeanVerdict(len(taints), float(min(1.0, math.exp(lowest))), passed, needed)
