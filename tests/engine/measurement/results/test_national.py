import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.results.national import find_province, parse_target, standing
from thucchat.engine.tables import PROVINCE_MEANS


def table(*rows):
    return pl.DataFrame(list(rows), schema=PROVINCE_MEANS, orient="row")


MEANS = table(
    (2023, "Điện Biên", "Toan", 100, 5.0),
    (2023, "Điện Biên", "Van", 300, 6.0),
    (2023, "Sơn La", "Toan", 100, 6.0),
    (2023, "Sơn La", "Van", 100, 5.0),
    (2023, "Hà Nội", "Toan", 100, 8.0),
    (2023, "Hà Nội", "Van", 100, 7.0),
    (2024, "Điện Biên", "Toan", 100, 8.0),
    (2024, "Điện Biên", "Van", 100, 8.0),
    (2024, "Hà Nội", "Toan", 100, 8.0),
    (2024, "Hà Nội", "Van", 100, 8.0),
)


def test_the_overall_mean_weighs_subjects_by_who_sat_them():
    first = standing(MEANS, "Điện Biên").years[0]

    assert first.mean == pytest.approx((100 * 5 + 300 * 6) / 400)
    assert (first.rank, first.of) == (2, 3)
    assert first.national_mean == pytest.approx((500 + 1800 + 600 + 500 + 800 + 700) / 800)


def test_equal_means_share_the_better_rank():
    later = standing(MEANS, "Điện Biên").years[1]

    assert (later.rank, later.of, later.gained, later.mean_change) == (1, 2, 1, pytest.approx(2.25))
    assert [(one.label, one.rank, one.of) for one in later.subjects] == [("Toán", 1, 2), ("Ngữ văn", 1, 2)]


@pytest.mark.parametrize(
    ("target", "verdicts"), [("+1", [None, True]), ("+2", [None, False]), ("2", [True, True])]
)
def test_a_target_is_judged_against_the_year_before_or_a_rank(target, verdicts):
    years = standing(MEANS, "Điện Biên", parse_target(target)).years

    assert [year.met for year in years] == verdicts


def test_a_missing_year_is_named_and_breaks_the_comparison():
    result = standing(pl.concat([MEANS, table((2022, "Hà Nội", "Toan", 5, 7.0))]), "Sơn La")

    assert result.absent_years == (2022, 2024)
    assert [year.gained for year in result.years] == [None]


@given(st.permutations(MEANS.rows()))
def test_the_order_of_lines_does_not_matter(rows):
    assert standing(table(*rows), "Điện Biên") == standing(MEANS, "Điện Biên")


@pytest.mark.parametrize("wanted", ["Điện Biên", "dien bien", "Tỉnh Điện Biên", "DIEN  BIEN"])
def test_a_province_is_found_with_or_without_accents(wanted):
    assert find_province(["Điện Biên", "Sơn La"], wanted) == "Điện Biên"


@pytest.mark.parametrize("wanted", ["TP.HCM", "tp hcm", "Hồ Chí Minh", "Thành phố Hồ Chí Minh"])
def test_the_city_is_found_by_its_short_names(wanted):
    assert find_province(["TP. Hồ Chí Minh", "Sơn La"], wanted) == "TP. Hồ Chí Minh"


def test_an_unknown_province_is_refused_with_a_suggestion():
    with pytest.raises(InvalidInput, match="có phải là Điện Biên"):
        find_province(["Điện Biên", "Sơn La"], "dien bin")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ((2023, "Sơn La", "Toan", 5, 6.0), "means.repeated"),
        ((2023, "Sơn La", "Su", 5, 10.5), "means.scale"),
        ((2023, "Sơn La", "Su", -5, 6.0), "means.count"),
    ],
)
def test_a_table_that_cannot_be_is_refused(row, code):
    with pytest.raises(InvalidInput) as refusal:
        standing(pl.concat([MEANS, table(row)]), "Sơn La")
    assert refusal.value.code == code


@pytest.mark.parametrize("text", ["ba bậc", "+", "3.5", ""])
def test_a_target_must_be_places_or_a_rank(text):
    with pytest.raises(InvalidInput) as refusal:
        parse_target(text)
    assert refusal.value.code == "target.form"
