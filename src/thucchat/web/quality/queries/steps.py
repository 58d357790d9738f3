"""How far the contract of a school year has come, step by step, and what each step waits for."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from thucchat.engine.vietnamese import vi_number
from thucchat.web.exams.models import Campaign
from thucchat.web.org.models import SchoolYear
from thucchat.web.quality.models import Acceptance, Commitment, Handover, Target

Moment = Campaign.Moment


@dataclass(frozen=True, slots=True)
class YearStep:
    """One step of the office."""

    key: str
    title: str
    told: str  # what stands today
    waits_for: str = ""  # empty: it can be taken


def steps_of(year: SchoolYear) -> list[YearStep]:
    """The four steps in their order."""
    start, end = (closed_campaign(year, moment) for moment in (Moment.START, Moment.END))
    return [
        YearStep("ban-giao", "Bàn giao chất lượng", _handovers(year), "" if start else SURVEY.format("đầu")),
        _targets(year),
        _commitments(year),
        YearStep("nghiem-thu", "Nghiệm thu", _acceptances(year), "" if end else SURVEY.format("cuối")),
    ]


SURVEY = "Chờ chốt khảo sát {} năm và sai số của điểm."


def closed_campaign(year: SchoolYear, moment: Campaign.Moment) -> Campaign | None:
    """The closed survey of a moment whose error of measurement is known."""
    rows = Campaign.objects.filter(school_year=year, moment=moment, state=Campaign.State.CLOSED)
    return rows.exclude(error=None).select_related("school_year").first()


def _targets(year: SchoolYear) -> YearStep:
    count = Target.objects.filter(school_year=year).count()
    handed = Handover.objects.filter(school_year=year, kind=Handover.Kind.START).exists()
    told = f"{vi_number(count)} chỉ tiêu đã giao." if count else "Chưa giao chỉ tiêu nào."
    waits = "" if handed else "Chờ bàn giao chất lượng."
    if count:
        waits = "Đã giao. Muốn khác thì đề nghị mức khác, hoặc tính lại, ở từng chỉ tiêu."
    return YearStep("chi-tieu", "Giao chỉ tiêu", told, waits)


def _commitments(year: SchoolYear) -> YearStep:
    has_targets = Target.objects.filter(school_year=year).exists()
    told = _counted(Commitment.objects.filter(school_year=year), Commitment.State, "bản cam kết")
    return YearStep("cam-ket", "Lập bản cam kết", told, "" if has_targets else "Chờ giao chỉ tiêu.")


def _handovers(year: SchoolYear) -> str:
    return _counted(Handover.objects.filter(school_year=year), Handover.State, "biên bản")


def _acceptances(year: SchoolYear) -> str:
    rows = Acceptance.objects.filter(commitment__school_year=year)
    told = _counted(rows, Acceptance.State, "biên bản")
    in_force = Commitment.objects.filter(school_year=year, state=Commitment.State.IN_FORCE)
    left = in_force.filter(acceptance=None).count()
    return f"{told} Còn {vi_number(left)} cam kết chưa có biên bản." if left else told


def _counted(rows: "QuerySet[Handover] | QuerySet[Commitment] | QuerySet[Acceptance]",
             called: Callable[[str], object], noun: str) -> str:  # fmt: skip
    counts = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    if not counts:
        return f"Chưa có {noun} nào."
    parts = (f"{vi_number(count)} {_label(called, state)}" for state, count in sorted(counts.items()))
    return f"{vi_number(sum(counts.values()))} {noun}: {', '.join(parts)}."


def _label(called: Callable[[str], object], state: str) -> str:
    text = str(getattr(called(state), "label", state))
    return text[:1].lower() + text[1:]
