import polars as pl
import pytest

from thucchat.engine.simulation import schemas

SCHEMAS = {
    "school_years": schemas.SCHOOL_YEARS,
    "units": schemas.UNITS,
    "unit_spells": schemas.UNIT_SPELLS,
    "successions": schemas.SUCCESSIONS,
    "clusters": schemas.CLUSTERS,
    "cluster_members": schemas.CLUSTER_MEMBERS,
    "subjects": schemas.SUBJECTS,
    "staff": schemas.STAFF,
    "postings": schemas.POSTINGS,
    "pupils": schemas.PUPILS,
    "classes": schemas.CLASSES,
    "enrolments": schemas.ENROLMENTS,
    "assignments": schemas.ASSIGNMENTS,
}
# Frame, column, and the frame whose codes it may hold.
REFERENCES = [
    ("unit_spells", "unit_code", "units"),
    ("unit_spells", "parent_code", "units"),
    ("units", "district_code", "units"),
    ("units", "commune_code", "units"),
    ("successions", "from_code", "units"),
    ("successions", "to_code", "units"),
    ("cluster_members", "cluster_code", "clusters"),
    ("cluster_members", "unit_code", "units"),
    ("postings", "staff_code", "staff"),
    ("postings", "unit_code", "units"),
    ("postings", "team_code", "units"),
    ("classes", "school_code", "units"),
    ("classes", "school_year", "school_years"),
    ("classes", "homeroom_staff_code", "staff"),
    ("enrolments", "pupil_code", "pupils"),
    ("enrolments", "class_code", "classes"),
    ("assignments", "staff_code", "staff"),
    ("assignments", "class_code", "classes"),
    ("assignments", "subject_code", "subjects"),
]
MAY_BE_NULL = {
    *("school_type", "zone", "district_code", "commune_code", "parent_code", "valid_to", "team_code"),
    *("poverty", "policy", "combination"),
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_frame_has_its_schema_and_no_unexpected_gap(province, name):
    frame = province.frames()[name]

    assert frame.schema == SCHEMAS[name]
    assert {column for column in frame.columns if frame[column].null_count()} <= MAY_BE_NULL


@pytest.mark.parametrize(("frame", "column", "known"), REFERENCES)
def test_every_code_that_is_referred_to_exists(province, frame, column, known):
    frames = province.frames()

    assert set(frames[frame][column].drop_nulls()) <= set(frames[known]["code"])


@pytest.mark.parametrize(
    "name", ["units", "clusters", "subjects", "staff", "pupils", "classes", "school_years"]
)
def test_codes_are_unique(province, name):
    codes = province.frames()[name]["code"]

    assert codes.n_unique() == len(codes)


@pytest.mark.parametrize("name", ["unit_spells", "postings", "assignments", "cluster_members", "enrolments"])
def test_a_spell_ends_after_it_begins(province, name):
    frame = province.frames()[name].rename({"starts": "valid_from", "ends": "valid_to"}, strict=False)

    assert frame.filter(pl.col("valid_to") <= pl.col("valid_from")).is_empty()


def test_the_truth_has_its_schemas(truth):
    assert truth.abilities.schema == schemas.ABILITIES
    assert truth.effects.schema == schemas.EFFECTS
