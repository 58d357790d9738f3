"""Frames of a synthetic province: their columns, and what each column means.

Rows refer to each other by code, never by a number of some database. Every pair of days is half open:
the first day counts, the last (`ends`, `valid_to`) is the first day after; null means still true.
Everything here is invented; only the catalogue codes are those of the ministry (§10.2).
"""

from dataclasses import dataclass, fields

import polars as pl

STRING, DATE, BOOLEAN = pl.String(), pl.Date(), pl.Boolean()
STRINGS = pl.List(pl.String())
SCORE = pl.Decimal(4, 2)  # points, 0-10

SCHOOL_YEARS = pl.Schema(
    {
        "code": STRING,  # 2024-2025
        "starts": DATE,  # 1 August; years follow each other without a gap
        "ends": DATE,
        "opens": DATE,  # teaching, and so every class, begins
        "second_term": DATE,
        "closes": DATE,  # first day after the last lesson
    }
)
UNITS = pl.Schema(
    {
        "code": STRING,  # school: 8 digits, province + district + serial; team: school + T1, T2, …
        "name": STRING,  # the name it bears last
        "kind": STRING,  # province, district, commune, school, team
        "school_type": STRING,  # ministry code 01 bán trú, 02/03 nội trú, 07 phổ thông, 09 chuyên, 13, 15, 16
        "levels": STRINGS,  # of a school: MN, TH, THCS, THPT, GDTX; otherwise empty
        "zone": STRING,  # V1 hardest, V2, V3 towns (TT 20/2023); null above schools
        "is_key": BOOLEAN,  # trường trọng điểm
        "district_code": STRING,  # where it stood on 30/6/2025, whoever runs it; null for the province
        "commune_code": STRING,  # where it stands since 1/7/2025; null for the province and districts
    }
)
UNIT_SPELLS = pl.Schema(
    {"unit_code": STRING, "parent_code": STRING, "name": STRING, "valid_from": DATE, "valid_to": DATE}
)
SUCCESSIONS = pl.Schema(
    {
        "kind": STRING,  # merge, split, closure, reorganisation (district to communes)
        "from_code": STRING,
        "to_code": STRING,
        "day": DATE,  # first day of the new state
    }
)
CLUSTERS = pl.Schema({"code": STRING, "name": STRING, "level": STRING})
CLUSTER_MEMBERS = pl.Schema(
    {
        "cluster_code": STRING,
        "unit_code": STRING,
        "is_head": BOOLEAN,  # the school that leads the cluster
        "valid_from": DATE,
        "valid_to": DATE,
    }
)
SUBJECTS = pl.Schema(
    {
        "code": STRING,  # level, curriculum, field: CS18-TOAN
        "name": STRING,
        "level": STRING,  # TH, THCS, THPT, GDTX
        "curriculum": STRING,  # 2006 or 2018
        "field": STRING,  # what stays the same from level to level: TOAN, VAN, NN, KHTN, …
        "kind": STRING,  # scored, comment
        "is_elective": BOOLEAN,  # upper secondary: chosen with the class's combination
        "grades": pl.List(pl.Int8()),
        "periods": pl.List(pl.Int16()),  # lessons a year, one number for each grade of `grades`
    }
)
STAFF = pl.Schema(
    {
        "code": STRING,  # 10 digits
        "personal_id": STRING,  # 12 digits, invented
        "name": STRING,
        "sex": STRING,  # ministry code: 01 male, 02 female
        "birth": DATE,
        "ethnicity": STRING,  # ministry code: 01 Kinh, 03 Thái, 08 Hmông, …
        "qualification": STRING,  # ministry code: 06 college, 07 university, 08 master
        "subjects": STRINGS,  # fields the person is trained for; empty for who does not teach
        "is_core": BOOLEAN,  # giáo viên cốt cán
    }
)
POSTINGS = pl.Schema(
    {
        "staff_code": STRING,
        "unit_code": STRING,
        "position": STRING,  # principal, vice_principal, teacher, clerk; in offices head, vice_head, officer
        "team_code": STRING,  # null outside schools and for principals
        "is_team_head": BOOLEAN,
        "valid_from": DATE,
        "valid_to": DATE,
    }
)
PUPILS = pl.Schema(
    {
        "code": STRING,  # 10 digits
        "personal_id": STRING,  # 12 digits, invented
        "name": STRING,
        "sex": STRING,
        "birth": DATE,
        "ethnicity": STRING,
        "poverty": STRING,  # poor, near_poor, null
        "policy": STRING,  # orphan, disabled, merit_family, null
    }
)
CLASSES = pl.Schema(
    {
        "code": STRING,  # school, first year, name: 11099012-2024-6A1
        "school_code": STRING,
        "school_year": STRING,
        "level": STRING,
        "grade": pl.Int8(),
        "name": STRING,
        "curriculum": STRING,  # 2006 or 2018
        "combination": STRING,  # upper secondary, 2018: electives as LI+HOA+SINH+TIN; otherwise null
        "homeroom_staff_code": STRING,  # on the day the class opens
    }
)
ENROLMENTS = pl.Schema(
    {
        "pupil_code": STRING,
        "class_code": STRING,
        "starts": DATE,
        "ends": DATE,
        "boarding": STRING,  # none, semi (bán trú), full (nội trú)
        "start_reason": STRING,  # first_year, admitted, promoted, repeating, moved_in, transferred
        # promoted, retained, completed (grades 5 and 9), graduated, transferred, dropped_out, moved_out
        "end_reason": STRING,
    }
)
ASSIGNMENTS = pl.Schema(
    {
        "staff_code": STRING,
        "class_code": STRING,
        "subject_code": STRING,
        "share": pl.Float64(),  # of the lessons of the class in the subject on those days
        "valid_from": DATE,
        "valid_to": DATE,
    }
)

FIELDS = ("TOAN", "VAN", "NN", "LI", "HOA", "SINH", "SU", "DIA", "GDCD", "TIN")
ABILITIES = pl.Schema(
    {
        "pupil_code": STRING,
        "school_year": STRING,
        "grade": pl.Int8(),
        "moment": STRING,  # start, end of the school year
        **dict.fromkeys(FIELDS, pl.Float32()),  # one scale for all grades; 1 is the spread within a grade
    }
)
EFFECTS = pl.Schema(
    {
        "kind": STRING,  # district, school, teacher
        "code": STRING,  # unit or staff code
        "field": STRING,
        "effect": pl.Float64(),  # added to every pupil's ability in a year of teaching
    }
)
GRADUATION_PAPERS = (
    *("toan", "van", "ngoai_ngu", "li", "hoa", "sinh", "su", "dia", "gdkt_pl", "tin_hoc"),
    *("giao_duc_cong_dan", "cn_cong_nghiep", "cn_nong_nghiep"),
)
GRADUATION = pl.Schema(
    {
        "sbd": STRING,  # 8 digits, council 62
        "pupil_code": STRING,  # null for a free candidate (thí sinh tự do)
        "school_code": STRING,  # where the candidate registered
        "district_code": STRING,
        "candidate_type": STRING,  # school, gdtx, free
        **dict.fromkeys(GRADUATION_PAPERS, SCORE),  # null: not sat
    }
)
ENTRANCE = pl.Schema(
    {
        "sbd": STRING,
        "pupil_code": STRING,
        "school_code": STRING,  # lower-secondary school left
        "district_code": STRING,  # of that school
        "admitted_code": STRING,  # school of the next year; null when none or not simulated
        "toan": SCORE,
        "van": SCORE,
        "ngoai_ngu": SCORE,
    }
)


@dataclass(frozen=True, slots=True)
class Province:
    """Everything a department could know about its schools; one frame a kind of fact."""

    school_years: pl.DataFrame  # SCHOOL_YEARS
    units: pl.DataFrame  # UNITS, parents first
    unit_spells: pl.DataFrame  # UNIT_SPELLS
    successions: pl.DataFrame  # SUCCESSIONS
    clusters: pl.DataFrame  # CLUSTERS
    cluster_members: pl.DataFrame  # CLUSTER_MEMBERS
    subjects: pl.DataFrame  # SUBJECTS
    staff: pl.DataFrame  # STAFF
    postings: pl.DataFrame  # POSTINGS
    pupils: pl.DataFrame  # PUPILS
    classes: pl.DataFrame  # CLASSES
    enrolments: pl.DataFrame  # ENROLMENTS
    assignments: pl.DataFrame  # ASSIGNMENTS

    def frames(self) -> dict[str, pl.DataFrame]:
        """Each frame by its name, in an order in which every code is known before it is referred to."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, slots=True)
class Truth:
    """What nobody could know outside a simulation; for tests and benchmarks only."""

    abilities: pl.DataFrame  # ABILITIES, one row per pupil, year and moment
    effects: pl.DataFrame  # EFFECTS


@dataclass(frozen=True, slots=True)
class ExamResults:
    """The exams of one June."""

    graduation: pl.DataFrame  # GRADUATION
    entrance: pl.DataFrame  # ENTRANCE: to grade 10
