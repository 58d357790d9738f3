from datetime import date

import polars as pl
import pytest
from django.db import connection

from thucchat.web.people.models import Pupil
from thucchat.web.shared.frames import copy_in, copy_in_like, copy_out
from thucchat.web.shared.scope import Scope, enter_scope

SCHEMA = pl.Schema({"n": pl.Int64(), "text": pl.String(), "day": pl.Date(), "yes": pl.Boolean()})


def test_a_frame_goes_in_and_comes_out_the_same(db):
    frame = pl.DataFrame(
        [(1, 'Lò "Thị", Mẫu\nhai dòng', date(2014, 9, 5), True), (2, None, None, False), (3, "", None, None)],
        schema=SCHEMA,
        orient="row",
    )
    copy_in(frame, "trial", "n bigint, text text, day date, yes boolean")

    back = copy_out("SELECT n, text, day, yes FROM trial ORDER BY n", SCHEMA)

    assert back.equals(frame.with_columns(pl.col("text").replace("", None)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT n FROM trial WHERE text IS NULL")
        assert cursor.fetchall() == [(2,)]  # an empty text went in as one


def test_no_rows_still_have_their_columns(db):
    assert copy_out("SELECT 1, '', now()::date, true WHERE false", SCHEMA).schema == SCHEMA


def test_a_temporary_table_takes_the_types_of_another(db):
    row = pl.DataFrame({"id": [1], "policies": ["a; b"], "version": [7]})
    copy_in_like(row, "trial", "people_pupil", texts=["policies"])

    query = "SELECT pg_typeof(id)::text, pg_typeof(policies)::text, version::text FROM trial"
    texts = pl.Schema(dict.fromkeys(("id", "policies", "version"), pl.String()))
    assert copy_out(query, texts).row(0) == ("bigint", "text", "7")


@pytest.mark.parametrize("place", [0, 2])
def test_only_rows_in_scope_come_out(world, place):
    school = world.schools[place]
    enter_scope(Scope(school.unit_path))

    codes = copy_out("SELECT code FROM people_pupil", pl.Schema({"code": pl.String()}))["code"].to_list()

    assert sorted(codes) == sorted(Pupil.objects.filter(school=school).values_list("code", flat=True))
