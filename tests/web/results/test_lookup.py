"""The public look-up: one row for who knows it, nothing for anybody else, and no way to guess."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from thucchat.web.exams.models import Exam, ExamResult
from thucchat.web.people.models import Pupil
from thucchat.web.results.actions.lookups import (
    MOST_OF_ADDRESS,
    MOST_OF_CANDIDATE,
    WINDOW,
    Question,
    forget_tries,
    look_up,
)
from thucchat.web.results.actions.publishing import publish_on_paper
from thucchat.web.results.models import LookupTry
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.scope import Scope, enter_scope

NOW = datetime(2026, 10, 2, 5, tzinfo=UTC)
BORN, WRONG_DAY = date(2014, 5, 6), date(2014, 5, 7)
NOT_FOUND = "Không có kết quả nào khớp"


@pytest.fixture
def published(exam) -> Exam:
    publish_on_paper(exam.pk, at=NOW)
    exam.refresh_from_db()
    return exam


@pytest.fixture
def stranger(published) -> Client:
    """Somebody without an account, who sees no row of any unit."""
    enter_scope(Scope(""))
    assert not ExamResult.objects.exists()
    assert not Pupil.objects.exists()
    return Client(REMOTE_ADDR="203.0.113.5")


def asked(client: Client, exam: Exam, sbd: str, born_on: date = BORN):
    return client.post("/tra-cuu/", {"exam": exam.pk, "sbd": sbd, "born_on": born_on.isoformat()})


def bare(answer) -> str:
    """The page without its token and without what was typed."""
    return re.sub(r'value="[^"]*"', "", answer.content.decode())


def test_who_knows_number_and_birth_date_sees_the_scores_with_their_error(stranger, published, world):
    page = asked(stranger, published, world.pupils[1].code).content.decode()

    assert '<td>Toán</td><td class="num">4,00 ± 0,85</td>' in page
    assert world.pupils[1].full_name not in page
    absent = asked(stranger, published, world.pupils[0].code).content.decode()
    assert '<td>Toán</td><td class="num">vắng</td>' in absent


def test_a_wrong_number_and_a_wrong_date_get_the_same_answer_by_the_same_way(stranger, published, world):
    ways = []
    for sbd, born_on in (("x999", BORN), (world.pupils[1].code, WRONG_DAY)):
        with CaptureQueriesContext(connection) as captured:
            answer = asked(stranger, published, sbd, born_on)
        statements = [re.sub(r"'[^']*'|\d+", "?", one["sql"]) for one in captured.captured_queries]
        ways.append((answer.status_code, bare(answer), statements))

    assert ways[0] == ways[1]
    assert NOT_FOUND in ways[0][1]


def test_a_right_answer_costs_no_other_statements_than_a_wrong_one(stranger, published, world):
    counts = []
    for born_on in (BORN, WRONG_DAY):
        with CaptureQueriesContext(connection) as captured:
            asked(stranger, published, world.pupils[1].code, born_on)
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_what_is_not_published_cannot_be_asked_for(published, world):
    Exam.objects.filter(pk=published.pk).update(published_at=None)
    enter_scope(Scope(""))
    client = Client()

    assert published.name not in client.get("/tra-cuu/").content.decode()
    answer = asked(client, published, world.pupils[1].code)
    assert "4,00" not in answer.content.decode()
    assert look_up(Question(published.pk, world.pupils[1].code, BORN, "::1"), at=NOW) is None


def test_a_candidate_of_no_known_pupil_has_no_second_fact_and_is_not_shown(published):
    ExamResult.objects.filter(exam=published).exclude(pupil=None).update(pupil=None)

    for result in ExamResult.objects.filter(exam=published)[:3]:
        assert look_up(Question(published.pk, result.sbd, BORN, "::1"), at=NOW) is None


def test_a_number_is_closed_after_ten_failures_from_anywhere_even_for_the_right_date(published, world):
    number = world.pupils[1].code
    for place in range(MOST_OF_CANDIDATE):
        assert look_up(Question(published.pk, number, WRONG_DAY, f"198.51.100.{place}"), at=NOW) is None

    with pytest.raises(RuleBroken) as refusal:
        look_up(Question(published.pk, number, BORN, "198.51.100.99"), at=NOW)

    assert refusal.value.code == "lookup.limit"
    other = Question(published.pk, world.pupils[2].code, BORN, "198.51.100.99")
    assert look_up(other, at=NOW) is not None
    later = Question(published.pk, number, BORN, "198.51.100.99")
    assert look_up(later, at=NOW + WINDOW + timedelta(seconds=1)) is not None


def test_an_address_is_closed_after_ten_failures_and_one_more_for_each_candidate_found(published, world):
    def ask(sbd: str, born_on: date = WRONG_DAY):
        return look_up(Question(published.pk, sbd, born_on, "2001:db8::1"), at=NOW)

    for _ in range(3):
        assert ask(world.pupils[1].code, BORN) is not None, "one candidate, however often"
    for place in range(MOST_OF_ADDRESS + 1):
        assert ask(f"n{place}") is None
    with pytest.raises(RuleBroken):
        ask("n99")
    neighbour = Question(published.pk, "n99", BORN, "2001:db8::2")
    with pytest.raises(RuleBroken):  # the same household
        look_up(neighbour, at=NOW)


def test_addresses_of_the_old_internet_are_told_apart_in_either_form(published, world):
    def ask(sbd: str, address: str):
        return look_up(Question(published.pk, sbd, WRONG_DAY, address), at=NOW)

    for place in range(MOST_OF_ADDRESS):
        ask(f"n{place}", "::ffff:203.0.113.7")

    assert ask("n98", "::ffff:203.0.113.8") is None
    with pytest.raises(RuleBroken):
        ask("n99", "203.0.113.7")


def test_too_many_tries_are_told_with_their_own_status(stranger, published):
    for place in range(MOST_OF_ADDRESS):
        assert asked(stranger, published, f"n{place}").status_code == 200

    answer = asked(stranger, published, "n99")

    assert answer.status_code == 429
    assert "Đã tra không đúng quá nhiều lần" in answer.content.decode()


def test_nothing_of_an_answer_is_kept_by_browsers_or_search_engines(stranger, published, world):
    answer = asked(stranger, published, world.pupils[1].code)

    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert stranger.get("/tra-cuu/", {"sbd": world.pupils[1].code}).content.decode().count("4,00") == 0


def test_tries_hold_no_number_and_no_address_and_are_forgotten(published, world):
    look_up(Question(published.pk, world.pupils[1].code, BORN, "198.51.100.1"), at=NOW)
    row = LookupTry.objects.get()

    assert world.pupils[1].code not in (row.candidate, row.address)
    assert len(row.candidate) == len(row.address) == 64
    assert forget_tries(at=NOW + WINDOW - timedelta(seconds=1)) == 0
    assert forget_tries(at=NOW + WINDOW) == 1


@pytest.mark.parametrize(
    "change", [{"born_on": "1800-01-01"}, {"born_on": "nay"}, {"sbd": ""}, {"sbd": "x" * 21}, {"exam": "0"}]
)
def test_a_form_that_makes_no_sense_is_no_try(stranger, published, world, change):
    facts = {"exam": published.pk, "sbd": world.pupils[1].code, "born_on": "2014-05-06"}

    answer = stranger.post("/tra-cuu/", facts | change)

    assert answer.status_code == 200
    assert "4,00" not in answer.content.decode()
    assert not LookupTry.objects.exists()
