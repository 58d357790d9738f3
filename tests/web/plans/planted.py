"""Results, ratings and national means that a test chooses, in the small world."""

from datetime import UTC, date, datetime

from thucchat.engine.growth.rating import Component, RuleSet, rules_as_plain
from thucchat.engine.planning.indicators import all_indicators
from thucchat.web.exams.models import Campaign, Exam, ExamResult, NationalMean, ResultImport
from thucchat.web.plans.queries.board import Row, row_of, view_of
from thucchat.web.plans.queries.years import chosen_year, known_years
from thucchat.web.ratings.models import Rating, RuleBook, Run
from thucchat.web.shared.scope import WHOLE_PROVINCE

TODAY = date(2027, 8, 1)
NOON = datetime(2027, 6, 1, 5, tzinfo=UTC)
ALL = all_indicators()


def asked(code: str, unit, year: str = "2026-2027") -> Row:
    """One indicator of `unit` in a school year."""
    chosen = chosen_year(known_years(TODAY), year, TODAY)
    assert chosen.code == year
    return row_of(ALL[code], view_of(unit, chosen))


def exam(kind: str, year: int, subjects: list[str], results) -> Exam:
    """An exam held in June; `results` are (school or None, scores in hundredths) of a candidate each."""
    made = Exam.objects.create(
        code=f"{kind}-{year}", name="x", kind=kind, year=year, held_on=date(year, 6, 3), subjects=subjects,
        candidates=len(results), fingerprint="0" * 64,
    )  # fmt: skip
    batch = ResultImport.objects.create(exam=made, file_name="x", sha256="0" * 64, unit_path=WHOLE_PROVINCE)
    ExamResult.objects.bulk_create(
        ExamResult(
            exam=made, sbd=f"{number:06d}", school=school, scores=scores, added_by=batch,
            area=school.parent if school and school.parent.kind == "district" else None,
            unit_path=school.unit_path if school else WHOLE_PROVINCE,
        )
        for number, (school, scores) in enumerate(results)
    )  # fmt: skip
    return made


def published(world, ranks) -> Run:
    """A published run; `ranks` are (unit, rank or None)."""
    rules = RuleSet("x", (Component("progress", "x", "x", 1, 0, 1),), (("x", 0.0),), 1)
    book = RuleBook.objects.create(school_year=world.year, version="x", content=rules_as_plain(rules))
    days = {"opens_on": date(2027, 4, 20), "closes_on": date(2027, 4, 30), "annex": "dien-bien-2024 2024.1"}
    end, _ = Campaign.objects.get_or_create(school_year=world.year, moment="end", defaults=days)
    run = Run.objects.create(
        rules=book, campaign=end, inputs="0" * 64, made_at=NOON, state="published", published_at=NOON,
        object_by=date(2027, 6, 11),
    )  # fmt: skip
    for unit, rank in ranks:
        places = {} if rank is None else {"rank": rank, "best": rank, "worst": rank, "points": 50.0}
        Rating.objects.create(
            run=run, kind="school" if unit.is_school else "district", unit=unit, parts=[], pupils=20,
            left_out=0, reason="" if places else "ít học sinh", unit_path=unit.unit_path, **places,
        )  # fmt: skip
    return run


def means(year: int, table: dict[str, float]) -> None:
    """The national table of one year: mathematics of each province."""
    NationalMean.objects.bulk_create(
        NationalMean(year=year, province=name, subject="toan", count=100, mean=mean)
        for name, mean in table.items()
    )
