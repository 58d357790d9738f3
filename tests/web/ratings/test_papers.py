"""Documents of the run of `test_runs`: their numbers, who may have them, what they refuse."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from tests.web.ratings.test_runs import LATE, run, year  # noqa: F401  fixtures
from tests.web.world import make_staff, make_user
from thucchat.engine.documents.tree import Paragraph
from thucchat.web.ratings.actions import publishing
from thucchat.web.ratings.models import Rating
from thucchat.web.ratings.queries.explanations import excluded_of, explanation_document_of, explanation_of
from thucchat.web.ratings.queries.notices import decision_document_of, decision_of, notice_document_of
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, enter_scope

DAY = date(2027, 5, 12)


@pytest.fixture
def published(run):  # noqa: F811  the fixture
    return publishing.publish_on_paper(run.pk, at=LATE)


def kind_of(found, kind):
    return found.ratings.filter(kind=kind).select_related("unit", "staff", "run__rules")


def test_every_explanation_adds_up_to_its_rating(published, world):
    for row in published.ratings.select_related("unit", "staff", "run__rules"):
        explained = explanation_of(row, DAY)
        document = explanation_document_of(row, world.province, DAY)  # refuses what does not add up

        assert float(explained.sum) == pytest.approx(row.points)
        assert explained.pupils + sum(count for _, count in explained.excluded) == row.pupils + row.left_out
        assert document.head.agency == "Sở Giáo dục và Đào tạo"


def test_who_is_left_out_is_told_with_the_reason(published, world):
    teacher = published.ratings.select_related("run__rules", "unit", "staff").get(staff=world.teachers[0])
    texts = [
        block.text
        for block in explanation_document_of(teacher, world.province, DAY).body
        if isinstance(block, Paragraph)
    ]

    assert "Tính 21 lượt học sinh; không tính 1 lượt: chưa có kết quả cuối năm 1." in texts
    assert excluded_of(Rating(left_out=3)) == (("thiếu một trong hai kết quả", 3),)
    assert excluded_of(Rating(left_out=0)) == ()


def test_an_unrated_holder_has_a_reason_and_no_class(published, world):
    unrated = Rating(
        run=published, kind="school", unit=world.schools[0], parts=[], pupils=3, left_out=0,
        reason="Chỉ có 3 học sinh đủ hai kết quả; cần ít nhất 10.",
    )  # fmt: skip
    explained = explanation_of(unrated, DAY)

    assert (explained.points, explained.error, explained.certain) == (None, None, True)
    assert explained.reason == "chỉ có 3 học sinh đủ hai kết quả; cần ít nhất 10"


def test_the_decision_lists_every_school_with_its_class(published, world):
    decision = decision_of(
        published, Rating.Kind.SCHOOL, world.province, kind_of(published, "school"), day=DAY
    )
    document = decision_document_of(
        published, Rating.Kind.SCHOOL, world.province, kind_of(published, "school"), day=DAY
    )

    rows = {row.unit.name: row for row in kind_of(published, "school")}
    assert {one.name: (one.points, one.label) for one in decision.holders} == {
        name: (Decimal(repr(row.points)), row.label) for name, row in rows.items()
    }
    assert decision.authority == "Giám đốc Sở Giáo dục và Đào tạo tỉnh Mẫu"
    assert (document.head.day, decision.object_by) == (date(2027, 5, 10), date(2027, 5, 20))
    assert document.head.number == "Số: …/QĐ-SGDĐT"


def test_before_publication_the_papers_bear_the_day_they_are_drawn_up(run, world):  # noqa: F811  the fixture
    decision = decision_document_of(run, Rating.Kind.SCHOOL, world.province, kind_of(run, "school"), day=DAY)
    notice = notice_document_of(run, Rating.Kind.SCHOOL, world.province, DAY)

    assert decision.head.day == notice.head.day == DAY


def test_two_teachers_of_one_name_are_told_apart_by_their_codes(published, world):
    rows = list(kind_of(published, "teacher").filter(unit=world.schools[0]))
    for row in rows:
        row.staff.full_name = "Lò Thị Mai"
    decision = decision_of(published, Rating.Kind.TEACHER, world.schools[0], rows, day=DAY)

    assert {one.name for one in decision.holders} == {f"Lò Thị Mai ({row.staff.code})" for row in rows}
    assert decision.proposer == "các tổ chuyên môn"


def test_a_principal_decides_on_his_teachers_and_they_see_no_such_list(published, world, settings):
    settings.SECOND_FACTOR = False
    make_staff(world.schools[0], "Bà Hiệu Trưởng", position="principal")
    people = {
        "principal": make_user("principal", world.schools[0]),
        "teacher": make_user("teacher", world.schools[0], staff_code=world.teachers[0].code),
        "testing": make_user("testing", world.province),
    }
    address, found = f"/xep-loai/{published.pk}/quyet-dinh/?loai=teacher&dang=", {}
    for name, user in people.items():
        client = Client()
        client.force_login(user)
        found[name] = client.get(f"{address}pdf").status_code
        page = client.get(f"/xep-loai/{published.pk}/").content.decode()
        assert ("loai=teacher" in page) == (name == "principal")

    assert found == {"principal": 200, "teacher": 404, "testing": 404}


@pytest.mark.parametrize("name", ["thong-bao", "quyet-dinh"])
@pytest.mark.parametrize("kind", ["school", "district"])
def test_a_ranking_is_handed_out_whole_to_everybody(published, world, settings, name, kind):
    settings.SECOND_FACTOR = False
    client = Client()
    client.force_login(make_user("principal", world.schools[0]))
    address = f"/xep-loai/{published.pk}/{name}/?loai={kind}&dang="

    assert client.get(f"{address}pdf").content[:4] == b"%PDF"
    assert client.get(f"{address}docx").content[:2] == b"PK"
    assert client.get(f"/xep-loai/{published.pk}/{name}/?loai=pupil").status_code == 404


def test_only_who_may_see_a_rating_is_given_its_explanation(published, world, settings):
    settings.SECOND_FACTOR = False
    client = Client()
    client.force_login(make_user("principal", world.schools[0]))
    own, other = (kind_of(published, "school").get(unit=world.schools[place]).pk for place in (0, 1))
    page = client.get(f"/xep-loai/ket-qua/{own}/").content.decode()

    assert f"/xep-loai/ket-qua/{own}/giai-thich/?dang=docx" in page
    assert "/3</b><span>hạng" in page  # of all schools, though only one is his to see
    assert client.get(f"/xep-loai/ket-qua/{own}/giai-thich/?dang=docx").content[:2] == b"PK"
    enter_scope(Scope(WHOLE_PROVINCE))
    assert client.get(f"/xep-loai/ket-qua/{other}/giai-thich/").status_code == 404
