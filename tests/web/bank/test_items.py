import io
import json
import zipfile
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from tests.web.bank.papers import KEYS, MATRIX, TAGS, paper
from tests.web.world import make_user
from thucchat.engine.papers.reading.reader import read_paper
from thucchat.web.bank.actions import items as acts
from thucchat.web.bank.actions.assembling import put_together, take_forms
from thucchat.web.bank.actions.item_statistics import read_statistics
from thucchat.web.bank.models import Item
from thucchat.web.bank.queries.repeats import question_texts, repeats_in_bank
from thucchat.web.bank.queries.visible import items_visible_to, own_items
from thucchat.web.config.entering import enter
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, enter_scope

NOON = datetime(2026, 12, 1, 5, tzinfo=UTC)


@pytest.fixture
def origin(world, people):
    return acts.Origin(world.subject, 9, world.schools[0], people[0])


@pytest.fixture
def items(origin):
    return acts.take_in(paper(0), "de.docx", origin, at=NOON)


def code_of(call) -> str:
    with pytest.raises(RuleBroken) as refusal, transaction.atomic():
        call()
    return refusal.value.code


def tagged(items, by):
    for place, item in enumerate(items, 1):
        line = MATRIX.lines[TAGS[place].line]
        levels = [level.value for level in TAGS[place].levels]
        facts = {
            "topic": line.topic, "content": line.content, "outcome": "Vận dụng được", "levels": levels,
            "key": KEYS[place], "solution": "",
        }  # fmt: skip
        acts.tag_item(item.pk, facts, by=by, at=NOON)
        acts.send_to_review(item.pk, by=by, at=NOON)


def ready(items, people):
    tagged(items, people[0])
    for role in ("office", "second"):
        for item in items:
            acts.review_item(item.pk, approves=True, remark="", by=people[role], at=NOON)


def test_a_word_file_becomes_drafts_with_what_is_doubtful(items):
    assert [item.kind for item in items] == ["choice", "choice", "choice", "true_false", "short_answer"]
    assert {item.state for item in items} == {"draft"}
    assert items[1].stem.endswith(r"$\frac{5x}{7}$")


def test_two_reviewers_make_an_item_usable_and_one_objection_returns_it(items, people):
    tagged(items, people[0])
    first, second = items[:2]

    for role in ("office", "second"):
        found = acts.review_item(first.pk, approves=True, remark="", by=people[role], at=NOON)
    back = acts.review_item(second.pk, approves=False, remark="Nhiễu yếu", by=people["office"], at=NOON)

    assert (found.state, back.state) == ("ready", "draft")


def test_papers_are_put_together_and_their_items_frozen(items, people, kept):
    ready(items, people)
    enter_scope(Scope(WHOLE_PROVINCE))
    acting = enter(people["testing"], None)
    put = put_together(kept, 1, acting)
    content = take_forms(kept, put.forms, acting=acting, at=NOON)

    printed = read_paper(zipfile.ZipFile(io.BytesIO(content)).read("de-1.docx"))
    assert put.shortages == ()
    assert [question.type for question in printed.questions] == [item.kind for item in items]
    assert set(Item.objects.values_list("exposure", flat=True)) == {1}
    with pytest.raises(IntegrityError, match="item_as_pupils_saw_it"), transaction.atomic():
        Item.objects.update(key="B")
    newer = acts.renew_item(items[0].pk, by=people[0], at=NOON)
    assert (newer.version, newer.state, newer.exposure, newer.replaces_id) == (2, "draft", 0, items[0].pk)
    assert code_of(lambda: acts.renew_item(items[0].pk, by=people[0], at=NOON)) == "item.renewed"


def test_a_bank_too_small_says_which_cells_lack_what(items, people, kept):
    ready(items, people)
    enter_scope(Scope(WHOLE_PROVINCE))
    put = put_together(kept, 2, enter(people["testing"], None))

    missing = {one.cell: one.missing for one in put.shortages}
    assert put.forms == ()
    assert missing == {
        "Số học|Luỹ thừa|choice|Biết": 2, "Số học|Luỹ thừa|choice|Hiểu": 1,
        "Hình học|Tam giác|true_false|Biết": 4, "Hình học|Tam giác|short_answer|Vận dụng": 1,
    }  # fmt: skip


def test_other_schools_see_an_item_only_once_it_is_shared(items, people, world):
    ready(items, people)

    def seen_by(number):
        enter_scope(Scope(WHOLE_PROVINCE))
        acting = enter(people[number], None)
        found = (items_visible_to(acting).count(), own_items(acting).count())
        enter_scope(Scope(WHOLE_PROVINCE))
        return found

    assert (seen_by(0), seen_by(2)) == ((5, 5), (0, 0))
    acts.share_item(items[0].pk, by=people[0], at=NOON)
    assert seen_by(2) == (1, 0)


def test_statistics_come_back_from_an_analysis(items, people):
    rows = [{"item": item.code, "difficulty": 0.5, "item_rest": 0.31} for item in items[:2]]
    report = {"persons": 900, "items": rows}

    assert read_statistics(json.dumps(report).encode(), by=people["office"], at=NOON) == 2
    items[0].refresh_from_db()
    assert (items[0].difficulty, items[0].discrimination, items[0].measured_on) == (0.5, 0.31, 900)
    report["items"].append({"item": "CH999999", "difficulty": 0.5, "item_rest": 0.3})
    assert (
        code_of(lambda: read_statistics(json.dumps(report).encode(), by=people[0], at=NOON))
        == "statistics.item"
    )
    for broken in (b"", b"[]", b'{"persons": 0, "items": []}', b'{"persons": 2, "items": [{"item": "CH1"}]}'):
        assert (
            code_of(lambda broken=broken: read_statistics(broken, by=people[0], at=NOON)) == "statistics.file"
        )


def test_every_step_out_of_turn_is_refused(items, people, origin):
    item, author = items[0], people[0]
    facts = {"topic": "", "content": "", "outcome": "", "levels": [], "key": "Z", "solution": ""}

    assert code_of(lambda: acts.take_in(paper(0), "x", origin, at=NOON)) == "item.file"
    assert code_of(lambda: acts.take_in(b"x", "x", origin, at=NOON)) == "paper.not_word"
    assert code_of(lambda: acts.tag_item(item.pk, facts, by=author, at=NOON)) == "key.outside"
    assert code_of(lambda: acts.send_to_review(item.pk, by=author, at=NOON)) == "item.untagged"
    said = {"approves": True, "remark": "", "at": NOON}
    assert code_of(lambda: acts.review_item(item.pk, by=people["office"], **said)) == "item.state"
    assert code_of(lambda: acts.share_item(item.pk, by=author, at=NOON)) == "item.state"
    assert code_of(lambda: acts.retire_item(item.pk, by=author, at=NOON)) == "item.state"
    tagged(items, author)
    assert code_of(lambda: acts.tag_item(item.pk, facts | {"key": "A"}, by=author, at=NOON)) == "item.state"
    assert code_of(lambda: acts.review_item(item.pk, by=author, **said)) == "review.own"
    no_reason = {"approves": False, "remark": " ", "at": NOON}
    assert code_of(lambda: acts.review_item(item.pk, by=people["office"], **no_reason)) == "review.reason"
    acts.review_item(item.pk, by=people["office"], **said)
    assert code_of(lambda: acts.review_item(item.pk, by=people["office"], **said)) == "review.twice"


def test_the_pages_walk_an_item_through_its_life(client, items, people, world, settings):
    settings.SECOND_FACTOR = False
    writer = make_user("team_head", world.teams[0])
    client.force_login(writer)
    item = items[0]
    page = client.get(f"/de-thi/cau-hoi/{item.pk}/").content.decode()
    assert "Câu này đo gì" in page
    client.post(
        f"/de-thi/cau-hoi/{item.pk}/sua/",
        {"topic": "Số học", "content": "Luỹ thừa", "outcome": "Nhận biết", "key": "a", "level_0": "Biết"},
    )
    client.post(f"/de-thi/cau-hoi/{item.pk}/gui/")
    item.refresh_from_db()
    assert (item.state, item.key, item.levels) == ("review", "A", ["Biết"])
    client.force_login(people["office"])
    answer = client.post(f"/de-thi/cau-hoi/{item.pk}/phan-bien/", {"approves": "1"}, follow=True)
    assert "Đã ghi thay đổi." in answer.content.decode()
    found = client.get("/de-thi/cau-hoi/?q=trâu cày&trang_thai=review").content.decode()
    assert item.code in found


def test_repetitions_are_found_in_what_came_before_and_after_the_index(
    items, origin, people, world, monkeypatch
):
    monkeypatch.setattr("thucchat.web.bank.queries.repeats.MOST_NEW", 3)
    asked = question_texts([acts.question_of(item) for item in items], "x")
    assert {pair.found for pair in repeats_in_bank(asked, world.subject.pk)} == {item.code for item in items}
    later = acts.take_in(paper(1), "khac.docx", origin, at=NOON)[:3]
    asked = question_texts([acts.question_of(item) for item in [*items, *later]], "x")

    found = {pair.found for pair in repeats_in_bank(asked, world.subject.pk)}
    assert found >= {item.code for item in [*items, *later]}
    enter_scope(Scope(world.districts[1].unit_path))  # another district sees none of them
    assert repeats_in_bank(asked, world.subject.pk) == ()
