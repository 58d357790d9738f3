import io
import json
import zipfile
from itertools import combinations

import pytest
from django.db import IntegrityError, connection, transaction

from tests.web.bank.ceremony import DICE, DIGITS, DUE, HOUR, OPENS, START, Ceremony
from tests.web.bank.papers import CANARY, KEYS, TAGS, paper
from thucchat.engine.papers.draw.ceremony import minutes_faults, read_minutes
from thucchat.engine.papers.reading.reader import read_paper
from thucchat.web.bank.actions.custody import open_sealed, read_openly
from thucchat.web.bank.actions.drawing import close_reveals, hold_draw, reveal
from thucchat.web.bank.actions.freezing import announce_again
from thucchat.web.bank.actions.opening import Wish, ask_to_open, open_and_shuffle
from thucchat.web.bank.actions.proposals import Handing, hand_in, review_proposal, settle, withdraw
from thucchat.web.bank.actions.rounds import name_custodian, open_round, pledge, prepare_round
from thucchat.web.bank.models import Draw, Pledge, Proposal
from thucchat.web.bank.queries.rounds import faults_of
from thucchat.web.ledger.actions.decisions import approve
from thucchat.web.ledger.models import Event
from thucchat.web.shared.errors import RuleBroken


@pytest.fixture
def ceremony(world, people, kept):
    return Ceremony(world, people, kept)


def code_of(call) -> str:
    with pytest.raises(RuleBroken) as refusal, transaction.atomic():
        call()
    return refusal.value.code


def test_a_paper_goes_from_proposal_to_variants(ceremony):
    ceremony.opened()
    for number in range(3):
        assert ceremony.handed_in(number).faults == []
    draw = ceremony.drawn(ceremony.frozen())
    leader, testing = ceremony.people["leader"], ceremony.people["testing"]

    decision = ask_to_open(draw, 1, "Tới giờ in đề", by=testing, role="testing", at=OPENS)
    approve(decision.pk, by=leader, role="leader", at=OPENS)
    wish = Wish(1, ("101", "102"), tuple(ceremony.secrets[:3]))
    archive = zipfile.ZipFile(
        io.BytesIO(open_and_shuffle(draw, wish, decision.pk, by=testing, at=OPENS + HOUR))
    )

    chosen = read_minutes(draw.minutes).selection.forms[0][0]
    drawn = Proposal.objects.get(code=chosen)
    names = {name.partition("/")[2] for name in archive.namelist()}
    assert names == {
        "de-goc.docx", "ma-de-101.docx", "ma-de-102.docx", "ma-de-101.pdf", "ma-de-102.pdf", "dap-an.xlsx",
        "so-do.json",
    }  # fmt: skip
    assert archive.read("ks-toan-9/de-goc.docx") == paper(ceremony.world.schools.index(drawn.unit))
    variants = json.loads(archive.read("ks-toan-9/so-do.json"))["variants"]
    for variant in variants:
        printed = read_paper(archive.read(f"ks-toan-9/ma-de-{variant['code']}.docx"))
        for place, question in zip(variant["questions"], printed.questions, strict=True):
            if place["options"]:  # the printed key letter leads back to the stated one
                assert place["options"][place["key"]] == KEYS[place["canonical"]]
            assert len(question.options) in {0, 4}
    assert Event.objects.filter(kind="draw.opened").count() == 1


def test_minutes_of_the_page_verify_and_the_ledger_knows_their_code(ceremony):
    ceremony.opened()
    for number in range(3):
        ceremony.handed_in(number)
    draw = ceremony.drawn(ceremony.frozen())

    assert minutes_faults(read_minutes(draw.minutes)) == ()
    assert faults_of(draw.round) == []
    event = Event.objects.get(kind="draw.held")
    assert json.loads(event.facts) == {"fingerprint": draw.fingerprint}


def test_no_word_of_a_paper_is_at_rest(ceremony):
    """Every text and byte column of every table is searched, and the folder of keys."""
    ceremony.opened()
    ceremony.handed_in(0)
    hidden = [CANARY.encode(), "trâu cày".encode(), b"word/document.xml", paper(0)[:64]]

    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
            "AND data_type IN ('text', 'character varying', 'bytea', 'jsonb', 'ARRAY')"
        )
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT "{column}" FROM "{table}"')
            for (value,) in cursor.fetchall():
                raw = bytes(value) if isinstance(value, memoryview) else str(value).encode()
                found += [(table, column) for text in hidden if text in raw]
    assert found == []


def test_any_three_of_five_custodians_open_and_no_two(ceremony):
    ceremony.opened()
    proposal = ceremony.handed_in(0)

    for group in combinations(ceremony.secrets, 3):
        opened, names = open_sealed(proposal, list(group))
        assert (opened.file, opened.keys, opened.tags, len(names)) == (paper(0), KEYS, TAGS, 3)
    for group in combinations(ceremony.secrets, 2):
        assert code_of(lambda group=group: open_sealed(proposal, list(group))) == "seal.few"


def test_after_freezing_the_program_can_no_longer_read(
    ceremony, reading_keys, django_capture_on_commit_callbacks
):
    ceremony.opened()
    proposal = ceremony.handed_in(0)
    ceremony.handed_in(1)
    assert read_openly(proposal).file == paper(0)
    assert len(list(reading_keys.iterdir())) == 1

    with django_capture_on_commit_callbacks(execute=True):
        ceremony.frozen()

    proposal.refresh_from_db()
    assert list(reading_keys.iterdir()) == []
    assert bytes(proposal.readable) == b""
    assert code_of(lambda: read_openly(proposal)) == "proposal.sealed"


def test_the_gate_names_every_reason(ceremony):
    ceremony.opened(forms=1)
    good = ceremony.handed_in(0)
    unreviewed = ceremony.handed_in(1, reviews=("office",))
    against = ceremony.handed_in(2, reviews=("office",))
    review_proposal(
        against.pk, approves=False, remark="Câu 3 sai", by=ceremony.people["second"], at=START + HOUR
    )
    copied = hand_in(
        ceremony.round, paper(0, extra=" Vì sao?"),
        Handing(ceremony.world.schools[1], ceremony.people[1], START + 9 * HOUR),
    )  # fmt: skip

    ceremony.frozen()

    states = {row.code: (row.state, " ".join(row.refusals)) for row in Proposal.objects.all()}
    assert states[good.code] == ("eligible", "")
    assert states[unreviewed.code] == ("refused", "Mới có 1 người khác tác giả phản biện; cần 2.")
    assert "Phản biện chưa đạt: Câu 3 sai" in states[against.code][1]
    assert "chưa xếp vào ma trận" in states[copied.code][1]
    assert good.code in states[copied.code][1]


def test_items_can_be_drawn_one_by_one_under_the_matrix(ceremony):
    ceremony.opened(scheme="items", forms=1, form_cap=3)
    for number in range(3):
        ceremony.handed_in(number)
    draw = ceremony.drawn(ceremony.frozen())
    form = read_minutes(draw.minutes).selection.forms[0]
    units = {row.code: row.unit.code for row in Proposal.objects.all()}
    shares = [units[entry.partition("/")[0]] for entry in form]

    assert len(form) == 5
    assert max(map(shares.count, shares)) <= 3
    decision = ask_to_open(draw, 1, "In đề", by=ceremony.people["testing"], role="testing", at=OPENS)
    approve(decision.pk, by=ceremony.people["leader"], role="leader", at=OPENS)
    wish = Wish(1, ("1",), tuple(ceremony.secrets[1:4]))
    content = open_and_shuffle(draw, wish, decision.pk, by=ceremony.people["testing"], at=OPENS)
    printed = read_paper(zipfile.ZipFile(io.BytesIO(content)).read("ks-toan-9/de-goc.docx"))
    assert [question.type for question in printed.questions].count("choice") == 3


def test_no_unit_sits_its_own_paper_where_the_rule_says_so(ceremony):
    ceremony.opened(own_cap=0)
    for number in range(3):
        ceremony.handed_in(number)
    minutes = read_minutes(ceremony.drawn(ceremony.frozen()).minutes)

    units = {entry.id: entry.unit for entry in minutes.announcement.pool}
    for unit, seat in minutes.selection.seats.items():
        assert units[minutes.selection.forms[seat - 1][0]] != unit
    assert len(minutes.selection.seats) == 3


def test_a_withheld_value_is_named_and_stops_nothing(ceremony):
    ceremony.opened()
    for number in range(3):
        ceremony.handed_in(number)
    del ceremony.values[2]
    minutes = read_minutes(ceremony.drawn(ceremony.frozen()).minutes)

    assert minutes.withheld == (ceremony.world.schools[2].code,)


def test_drawing_again_needs_a_reason_and_is_seen(ceremony):
    ceremony.opened()
    for number in range(3):
        ceremony.handed_in(number)
    first = ceremony.drawn(ceremony.frozen())
    testing = ceremony.people["testing"]

    assert (
        code_of(lambda: announce_again(first.round_id, " ", by=testing, at=DUE + 5 * HOUR)) == "draw.reason"
    )
    ceremony.values = {0: "0-" + "f" * 32}
    pledge(
        first.round_id,
        ceremony.world.schools[0],
        ceremony.values[0],
        by=ceremony.people[0],
        at=DUE + 5 * HOUR,
    )
    again = announce_again(first.round_id, "Đề 1 lộ trước giờ", by=testing, at=DUE + 6 * HOUR)
    reveal(again.pk, ceremony.world.schools[0], ceremony.values[0], by=ceremony.people[0], at=DUE + 7 * HOUR)
    close_reveals(again.pk, by=testing, at=DUE + 8 * HOUR)
    second = hold_draw(again.pk, {DICE: DIGITS[::-1]}, by=testing, at=DUE + 9 * HOUR)

    assert read_minutes(second.minutes).announcement.previous == first.fingerprint
    assert faults_of(second.round) == []
    with connection.cursor() as cursor:  # an earlier draw made to disappear is found
        cursor.execute("DELETE FROM bank_draw WHERE id = %s", [first.pk])
    assert len(faults_of(second.round)) == 1


def test_what_was_published_cannot_be_changed_in_the_database(ceremony):
    ceremony.opened()
    for number in range(3):
        ceremony.handed_in(number)
    draw = ceremony.drawn(ceremony.frozen())

    changes = [
        (Draw, {"announcement": draw.announcement + " "}),
        (Draw, {"minutes": draw.minutes + " "}),
        (Proposal, {"sealed": b"x"}),
        (Proposal, {"sha256": "0" * 64}),
        (Pledge, {"value": "x"}),
    ]
    for model, change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.update(**change)


def test_every_step_out_of_turn_is_refused(ceremony):
    people, schools = ceremony.people, ceremony.world.schools
    late = Handing(schools[0], people[0], DUE + HOUR)
    ceremony.opened()
    proposal = ceremony.handed_in(0)
    ceremony.handed_in(1)
    round_, testing, head = ceremony.round, people["testing"], people[0]

    assert code_of(lambda: hand_in(round_, paper(2), late)) == "proposal.closed"
    again = Handing(schools[0], head, START + 2 * HOUR)
    assert code_of(lambda: hand_in(round_, paper(0), again)) == "proposal.twice"
    assert code_of(lambda: hand_in(round_, b"no paper", again)) == "paper.not_word"
    assert code_of(lambda: settle(proposal.pk, {}, {}, by=people[1], at=START)) == "proposal.not_author"
    assert code_of(lambda: settle(proposal.pk, {1: "H"}, {}, by=head, at=START)) == "key.outside"
    assert code_of(lambda: withdraw(proposal.pk, by=people[1], at=START)) == "proposal.not_author"
    own = {"approves": True, "remark": "", "at": START}
    assert code_of(lambda: review_proposal(proposal.pk, by=head, **own)) == "review.own"
    assert code_of(lambda: review_proposal(proposal.pk, by=people["office"], **own)) == "review.twice"
    assert code_of(lambda: pledge(round_.pk, schools[0], "ngắn", by=head, at=START)) == "draw.value"
    keeper = {"name": "X", "body": "Y", "recipient": "age1x"}
    assert code_of(lambda: name_custodian(round_.pk, **keeper)) == "round.state"
    draw = ceremony.frozen()
    assert code_of(lambda: pledge(round_.pk, schools[0], "x" * 40, by=head, at=DUE)) == "pledge.late"
    assert code_of(lambda: reveal(draw.pk, schools[2], "x", by=people[2], at=DUE)) == "pledge.none"
    assert code_of(lambda: reveal(draw.pk, schools[0], "x", by=head, at=DUE)) == "pledge.other"
    results = {DICE: DIGITS}
    assert code_of(lambda: hold_draw(draw.pk, results, by=testing, at=DUE + 9 * HOUR)) == "draw.state"
    close_reveals(draw.pk, by=testing, at=DUE + 3 * HOUR)
    assert code_of(lambda: reveal(draw.pk, schools[0], "x", by=head, at=DUE)) == "draw.state"
    assert code_of(lambda: hold_draw(draw.pk, {DICE: "12"}, by=testing, at=DUE + 9 * HOUR)) == "draw.digits"
    assert code_of(lambda: hold_draw(draw.pk, results, by=testing, at=DUE + 3 * HOUR)) == "draw.order"


def test_papers_open_only_with_leave_at_their_time_once(ceremony):
    ceremony.opened()
    for number in range(2):
        ceremony.handed_in(number)
    draw = ceremony.drawn(ceremony.frozen())
    testing, leader = ceremony.people["testing"], ceremony.people["leader"]
    decision = ask_to_open(draw, 1, "In đề", by=testing, role="testing", at=OPENS)
    wish = Wish(1, ("1",), tuple(ceremony.secrets[:3]))

    def opening(wish=wish, at=OPENS + HOUR):
        return open_and_shuffle(draw, wish, decision.pk, by=testing, at=at)

    assert code_of(opening) == "decision.state"
    approve(decision.pk, by=leader, role="leader", at=OPENS)
    assert code_of(lambda: opening(at=OPENS - HOUR)) == "opening.early"
    assert code_of(lambda: opening(Wish(2, ("1",), wish.secrets))) == "decision.other"
    assert code_of(lambda: opening(Wish(1, ("1",), wish.secrets[:2]))) == "seal.few"
    assert opening()[:2] == b"PK"
    assert code_of(opening) == "decision.state"


def test_a_round_opens_only_with_keepers_enough(ceremony):
    made = prepare_round(
        {
            "code": "x", "title": "x", "minutes": 45, "propose_by": DUE, "opens_at": OPENS, "forms": 1,
            "needed": 2, "sources": [["dice", DICE]], "scheme": "papers",
        },
        ceremony.kept, by=ceremony.people["testing"], at=START,
    )  # fmt: skip

    assert code_of(lambda: open_round(made.pk, by=ceremony.people["testing"], at=START)) == "round.custodians"
    wrong = {"name": "Lan", "body": "Sở", "recipient": "không phải khoá"}
    assert code_of(lambda: name_custodian(made.pk, **wrong)) == "custodian.key"
