"""A small province for tests: two districts, three schools, a few classes, pupils and teachers."""

from dataclasses import dataclass
from datetime import date
from itertools import count

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from thucchat.web.org.models import Grant, SchoolYear, Unit, UnitSpell, User
from thucchat.web.people.models import Assignment, Enrolment, Pupil, SchoolClass, Staff, Subject

OPENED = date(2010, 1, 1)
YEAR_STARTS, YEAR_ENDS = date(2026, 9, 1), date(2027, 8, 31)
numbers = count(1_000_000)  # clear of what sequences give


@dataclass
class World:
    """The units by short names; see `build_world`."""

    year: SchoolYear
    province: Unit
    districts: list[Unit]
    schools: list[Unit]  # 0 and 1 in district 0, 2 in district 1
    teams: list[Unit]  # one a school
    classes: list[SchoolClass]  # two a school
    teachers: list[Staff]  # two a school; teacher 2k teaches class 2k, and so on
    pupils: list[Pupil]  # three a class
    subject: Subject


def make_unit(kind: str, name: str, parent: Unit | None = None, **values) -> Unit:
    unit = Unit(
        kind=kind,
        name=name,
        code=f"u{next(numbers)}",
        parent=parent,
        opened_on=OPENED,
        unit_path="/",
        **values,
    )
    unit.pk = next(numbers) if parent else 1
    unit.unit_path = f"{parent.unit_path if parent else ''}{unit.pk}/"
    unit.save(force_insert=True)
    UnitSpell.objects.create(
        unit=unit, parent=parent, name=name, days=DateRange(OPENED, None), unit_path=unit.unit_path
    )
    return unit


def make_school(name: str, parent: Unit, school_type: str = "thcs") -> Unit:
    return make_unit("school", name, parent, school_type=school_type, levels=["THCS"])


def make_class(school: Unit, year: SchoolYear, name: str, grade: int = 6) -> SchoolClass:
    pk = next(numbers)
    path = f"{school.unit_path}c{pk}/"
    made = SchoolClass(
        pk=pk, code=f"c{pk}", school=school, school_year=year, grade=grade, name=name, unit_path=path
    )
    made.save(force_insert=True)
    return made


def make_staff(unit: Unit, name: str, **values) -> Staff:
    return Staff.objects.create(
        code=f"s{next(numbers)}",
        full_name=name,
        born_on=date(1985, 2, 3),
        sex="02",
        unit=unit,
        position=values.pop("position", "teacher"),
        unit_path=unit.unit_path,
        **values,
    )


def make_pupil(school_class: SchoolClass, name: str, **values) -> Pupil:
    pupil = Pupil.objects.create(
        code=values.pop("code", f"p{next(numbers)}"),
        full_name=name,
        born_on=date(2014, 5, 6),
        sex="01",
        ethnic="03",
        school=school_class.school,
        current_class=school_class,
        grade=school_class.grade,
        unit_path=school_class.unit_path,
        **values,
    )
    Enrolment.objects.create(
        pupil=pupil,
        school_class=school_class,
        days=DateRange(YEAR_STARTS, None),
        start="new",
        unit_path=school_class.unit_path,
    )
    return pupil


def make_user(role: str, unit: Unit, **values) -> User:
    user = User.objects.create_user(
        f"user{next(numbers)}", full_name=f"Người {role}", password=None, **values
    )
    Grant.objects.create(user=user, role=role, unit=unit, valid_from=OPENED, unit_path=unit.unit_path)
    return user


def build_world() -> World:
    """Every row of `World`, in the scope of the whole province."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('org_unit', 'id'))"
        )  # the province takes the first
    year = SchoolYear.objects.create(code="2026-2027", starts=YEAR_STARTS, ends=YEAR_ENDS)
    province = make_unit("province", "Sở Giáo dục và Đào tạo tỉnh Mẫu")
    districts = [
        make_unit("district", f"Phòng Giáo dục và Đào tạo huyện {name}", province) for name in ("Bắc", "Nam")
    ]
    schools = [make_school(f"Trường THCS {n}", districts[n // 2]) for n in range(3)]
    teams = [make_unit("team", "Tổ Toán", school) for school in schools]
    classes = [make_class(schools[n // 2], year, f"6A{n % 2 + 1}") for n in range(6)]
    subject = Subject.objects.create(
        code="CS18-TOAN",
        name="Toán",
        level="THCS",
        field="TOAN",
        periods=[140] * 4,
        grades=[6, 7, 8, 9],
        curriculum="2018",
        kind="scored",
    )
    teachers = []
    for n, school_class in enumerate(classes):
        teacher = make_staff(school_class.school, f"Lò Thị {n}", team=teams[n // 2])
        school_class.homeroom = teacher
        school_class.save()
        Assignment.objects.create(
            staff=teacher,
            school_class=school_class,
            subject=subject,
            days=DateRange(YEAR_STARTS, None),
            unit_path=school_class.unit_path,
        )
        teachers.append(teacher)
    pupils = [
        make_pupil(school_class, f"Vàng A {name}")
        for school_class in classes
        for name in ("Dế", "Sùng", "Páo")
    ]
    return World(year, province, districts, schools, teams, classes, teachers, pupils, subject)
