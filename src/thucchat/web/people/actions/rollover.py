"""The end of a school year in one school: each pupil goes up, repeats, finishes or leaves; nobody is lost."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from thucchat.engine.vietnamese import text_key
from thucchat.web.org.models import SchoolYear, Unit
from thucchat.web.people.models import Enrolment, Pupil, SchoolClass
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.history import because

LAST_GRADES = {"TH": 5, "THCS": 9, "THPT": 12, "GDTX": 12}
End, Start = Enrolment.End, Enrolment.Start
OUTCOMES = (End.PROMOTED, End.REPEATING, End.DROPPED_OUT)


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Where the pupils of one school's year went; the parts add up to the whole."""

    before: int
    promoted: int
    repeating: int
    finished: int
    left: int

    @property
    def is_whole(self) -> bool:
        return self.before == self.promoted + self.repeating + self.finished + self.left


def last_grade(school: Unit) -> int:
    """The highest grade taught in `school`."""
    return max((LAST_GRADES[level] for level in school.levels if level in LAST_GRADES), default=12)


def next_name(name: str, grade: int) -> str:
    """The class's name one grade up: 6A1 becomes 7A1. A name without its grade stays."""
    return re.sub(rf"^{grade}(?=\D|$)", str(grade + 1), name)


def studying_in(school: Unit, year: SchoolYear) -> "list[tuple[int, int, int, str]]":
    """Pupil, class, grade and name of everyone who ends `year` in `school`, class by class."""
    rows = Enrolment.objects.filter(
        school_class__school=school, school_class__school_year=year, days__upper_inf=True
    )
    ordered = rows.order_by("school_class__grade", "school_class__sort_key", "pupil__sort_key")
    return list(ordered.values_list("pupil_id", "school_class_id", "school_class__grade", "pupil__full_name"))


@transaction.atomic
def roll_over(
    school: Unit, year: SchoolYear, following: SchoolYear, exceptions: Mapping[int, str], *, reason: str
) -> Reconciliation:
    """Close `year` in `school` and open `following`. `exceptions` names the pupils who do not go up.

    Running it again finds nobody left to move and changes nothing.
    Raises RuleBroken: `rollover.order`, `rollover.outcome`, `rollover.stranger`, `rollover.sum`.
    """
    if following.starts <= year.starts:
        raise RuleBroken("rollover.order", f"Năm học {following} không sau năm học {year}.")
    if wrong := set(exceptions.values()) - {outcome.value for outcome in OUTCOMES}:
        raise RuleBroken("rollover.outcome", f"Không có kết quả “{min(wrong)}”.")
    pupils = studying_in(school, year)
    if strangers := set(exceptions) - {pupil for pupil, *_ in pupils}:
        raise RuleBroken(
            "rollover.stranger", f"{len(strangers)} học sinh được chọn không học tại trường năm {year}."
        )
    top = last_grade(school)
    outcomes = {
        pupil: _outcome(exceptions.get(pupil, End.PROMOTED), grade, top) for pupil, _, grade, _ in pupils
    }
    with because(reason):
        _end_stays(year, following, outcomes)
        _open_classes(school, year, following, top)
        _begin_stays(school, year, following, pupils, outcomes)
        _let_go(school, outcomes)
    tally = Counter(outcomes.values())
    result = Reconciliation(
        len(pupils), tally[End.PROMOTED], tally[End.REPEATING], tally[End.FINISHED], tally[End.DROPPED_OUT]
    )
    if not result.is_whole or studying_in(school, year):
        raise RuleBroken("rollover.sum", "Số học sinh trước và sau không khớp; chưa ghi gì.")
    return result


def _outcome(chosen: str, grade: int, top: int) -> str:
    return End.FINISHED if chosen == End.PROMOTED and grade >= top else chosen


def _end_stays(year: SchoolYear, following: SchoolYear, outcomes: Mapping[int, str]) -> None:
    """Stays end the day the new year starts; those who finish or leave, the day after the old one ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE people_enrolment SET "end" = o.outcome, days = daterange(lower(days),
                 CASE WHEN o.outcome IN ('promoted', 'repeat') THEN %s::date ELSE %s::date END)
               FROM unnest(%s::bigint[], %s::text[]) AS o(pupil, outcome)
               WHERE pupil_id = o.pupil AND upper_inf(days)""",
            [
                following.starts,
                year.ends + timedelta(days=1),
                list(outcomes),
                [str(o) for o in outcomes.values()],
            ],
        )


def _open_classes(school: Unit, year: SchoolYear, following: SchoolYear, top: int) -> None:
    """The following year's classes: this year's one grade up, and this year's own for those who repeat."""
    wanted: dict[str, int] = {}
    for name, grade in school.classes.filter(school_year=year).values_list("name", "grade"):
        wanted[name] = grade
        if grade < top:
            wanted[next_name(name, grade)] = grade + 1
    there = set(school.classes.filter(school_year=following).values_list("name", flat=True))
    with connection.cursor() as cursor:
        for name, grade in sorted(wanted.items()):
            if name not in there:
                cursor.execute("SELECT nextval(pg_get_serial_sequence('people_schoolclass', 'id'))")
                (pk,) = cursor.fetchone() or (0,)
                SchoolClass(
                    pk=pk,
                    code=f"{school.code}-{following.code[:4]}-{name}",
                    school=school,
                    school_year=following,
                    grade=grade,
                    name=name,
                    sort_key=text_key(name),
                    unit_path=f"{school.unit_path}c{pk}/",
                ).save(force_insert=True)


def _begin_stays(
    school: Unit,
    year: SchoolYear,
    following: SchoolYear,
    pupils: "list[tuple[int, int, int, str]]",
    outcomes: Mapping[int, str],
) -> None:
    names = dict(school.classes.filter(school_year=year).values_list("pk", "name"))
    targets = {row.name: row for row in school.classes.filter(school_year=following)}
    stays, movers = [], []
    for pupil, class_id, grade, _ in pupils:
        outcome = outcomes[pupil]
        if outcome not in {End.PROMOTED, End.REPEATING}:
            continue
        name = names[class_id]
        target = targets[next_name(name, grade) if outcome == End.PROMOTED else name]
        start = Start.PROMOTED if outcome == End.PROMOTED else Start.REPEATING
        days = DateRange(following.starts, None)
        stays.append(
            Enrolment(pupil_id=pupil, school_class=target, days=days, start=start, unit_path=target.unit_path)
        )
        movers.append((pupil, target))
    Enrolment.objects.bulk_create(stays)
    _place(movers)


def _place(movers: "list[tuple[int, SchoolClass]]") -> None:
    if not movers:
        return
    rows = [(pupil, target.pk, target.grade, target.unit_path) for pupil, target in movers]
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE people_pupil SET current_class_id = m.class, grade = m.grade, unit_path = m.path
               FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::text[]) AS m(pupil, class, grade, path)
               WHERE id = m.pupil""",
            [list(column) for column in zip(*rows, strict=True)],
        )


def _let_go(school: Unit, outcomes: Mapping[int, str]) -> None:
    gone = {End.FINISHED: Pupil.Status.FINISHED, End.DROPPED_OUT: Pupil.Status.LEFT}
    for outcome, status in gone.items():
        pupils = [pupil for pupil, one in outcomes.items() if one == outcome]
        Pupil.objects.filter(Q(pk__in=pupils)).update(
            status=status, current_class=None, grade=None, unit_path=school.unit_path
        )
