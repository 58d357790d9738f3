"""Distance between the best and the weakest group of each subject, in points."""

from collections.abc import Sequence
from fractions import Fraction

from thucchat.engine.tables import Distribution, Gap, GroupResults

TARGET = Fraction(1)  # points between the best and the last district; plan 2024-2025 of Điện Biên
MINIMUM = 30  # candidates a group needs to be compared


def gaps(
    groups: Sequence[GroupResults], *, target: Fraction = TARGET, minimum: int = MINIMUM
) -> tuple[Gap, ...]:
    """Gap per subject between groups of at least `minimum` candidates with a score.

    Means are compared as fractions, so a gap of exactly the target meets it. A subject with fewer than
    two such groups has no gap and is left out. Of equal means the group that stands first is named.
    """
    found = (_gap(groups, place, target, minimum) for place in range(_subjects(groups)))
    return tuple(gap for gap in found if gap is not None)


def _subjects(groups: Sequence[GroupResults]) -> int:
    return len(groups[0].subjects) if groups else 0


def _gap(groups: Sequence[GroupResults], place: int, target: Fraction, minimum: int) -> Gap | None:
    compared = [group for group in groups if group.subjects[place].count >= minimum]
    if len(compared) < 2:
        return None
    means = [_exact_mean(group.subjects[place]) for group in compared]
    top, bottom = means.index(max(means)), means.index(min(means))
    gap = means[top] - means[bottom]
    subject = groups[0].subjects[place]
    few = (group.name for group in groups if 0 < group.subjects[place].count < minimum)
    return Gap(
        subject=subject.subject,
        label=subject.label,
        top=compared[top].name,
        top_mean=float(means[top]),
        bottom=compared[bottom].name,
        bottom_mean=float(means[bottom]),
        gap=float(gap),
        target=float(target),
        met=gap <= target,
        compared=len(compared),
        left_out=tuple(few),
    )


def _exact_mean(subject: Distribution) -> Fraction:
    return Fraction(subject.total, 100 * subject.count)
