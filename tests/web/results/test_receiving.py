"""A file of answers is kept whole, candidate by candidate, or refused with its reasons."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, ProgrammingError, transaction

from tests.web.exams.campaigns import exam_of, started
from tests.web.results.answers import Sitting, send
from thucchat.web.exams.models import Candidate
from thucchat.web.results.actions.receiving import Sent, read_response_file, receive_answers
from thucchat.web.results.models import CandidateAnswers, ResponseFile
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.history import because
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, enter_scope

KEY = "A" * 12


def test_rows_belong_to_the_class_of_the_day_of_the_exam(exam, officer, sat: Sitting, world):
    file = send(exam, sat.file, officer, key=KEY)

    assert (file.state, file.persons, file.unknown) == ("read", 318, 300)
    own = CandidateAnswers.objects.get(file=file, sbd=world.pupils[4].code)
    assert (own.pupil, own.unit_path) == (world.pupils[4], world.classes[1].unit_path)
    stranger = CandidateAnswers.objects.get(file=file, sbd="x0000")
    assert (stranger.pupil, stranger.unit_path) == (None, "1/")
    assert own.answers == "|".join("A" if one else "B" for one in sat.right[4])
    assert bytes(ResponseFile.objects.get(pk=file.pk).content.source) == b""


def test_pupil_codes_serve_where_the_exam_has_no_such_number(exam, officer, world):
    data = f"Mã học sinh,C1,C2\n{world.pupils[0].code},A,B\nnobody,A,A\n".encode()

    send(exam, data, officer, key="AB")

    found = dict(CandidateAnswers.objects.values_list("sbd", "pupil"))
    assert found == {world.pupils[0].code: world.pupils[0].pk, "nobody": None}


def test_the_zero_that_a_spreadsheet_drops_from_a_number_is_put_back(exam, officer, world):
    for number, row in zip(("0107", "0210"), exam.results.order_by("pk"), strict=False):
        with because("Đánh lại số"):
            exam.results.filter(pk=row.pk).update(sbd=number)
    exam.results.exclude(sbd__in=("0107", "0210")).delete()

    send(exam, b"SBD,C1,C2\n107,A,B\nx1,A,A\n210.0,B,B\n", officer, key="AB")
    again = send(exam, b"SBD,C1,C2\n107,A,B\n0107,A,A\n", officer, key="AB")

    found = dict(CandidateAnswers.objects.order_by("sbd").values_list("sbd", "pupil"))
    pupils = dict(exam.results.values_list("sbd", "pupil"))
    assert found == pupils | {"x1": None}
    assert [one["line"] for one in again.problems] == [3]


def test_reading_twice_adds_nothing(exam, officer, sat):
    file = send(exam, sat.file, officer, key=KEY)

    again = read_response_file(file.pk, lambda *_: None)

    assert again.state == "read"
    assert CandidateAnswers.objects.count() == 318


def test_a_corrected_file_takes_the_place_of_the_one_before(exam, officer, sat):
    first = send(exam, sat.file, officer, key=KEY)
    second = send(exam, sat.file, officer, key=KEY)

    first.refresh_from_db()
    assert (first.state, second.state) == ("replaced", "read")
    with pytest.raises(IntegrityError, match="response_file_one_counts"), transaction.atomic():
        ResponseFile.objects.filter(pk=first.pk).update(state="read")


def test_a_wrong_cell_keeps_the_whole_file_out(exam, officer):
    file = send(exam, b"SBD,C1,C2\n1,A,1\n2,A,7\n", officer, key="A; TL 2")

    assert file.state == "refused"
    assert "Tệp có 1 lỗi" in file.refusal
    assert file.problems == [
        {"sheet": "CSV", "line": 3, "column": "C (C2)", "message": "“7” không phải là điểm từ 0 đến 2."}
    ]
    assert not CandidateAnswers.objects.exists()


def test_a_number_of_one_pupil_with_the_code_of_another_keeps_the_whole_file_out(exam, officer, world):
    codes = [pupil.code for pupil in world.pupils]
    first, second = exam.results.filter(pupil__isnull=False).order_by("pk")[:2]
    with because("Đánh số"):
        exam.results.filter(pk=first.pk).update(sbd="n1")
        exam.results.filter(pk=second.pk).update(sbd="n2")
    mixed = f"SBD,Mã học sinh,C1,C2\nn1,{first.pupil.code},A,A\nn2,{codes[5]},A,B\nn3,nobody,A,A\n"

    file = send(exam, mixed.encode(), officer, key="AB")

    message = (
        f"Số báo danh n2 là của học sinh khác, không phải của học sinh có mã {codes[5]} ở cùng dòng; "
        "hãy sửa số báo danh hoặc mã học sinh."
    )
    assert file.problems == [{"sheet": "CSV", "line": 3, "column": "A (SBD)", "message": message}]
    assert (file.state, "Tệp có 1 lỗi" in file.refusal) == ("refused", True)
    assert not CandidateAnswers.objects.exists()
    right = mixed.replace(codes[5], second.pupil.code)
    assert send(exam, right.encode(), officer, key="AB").state == "read"


def test_a_pupil_under_two_numbers_keeps_the_whole_file_out(exam, officer, world):
    code = world.pupils[0].code

    file = send(exam, f"SBD,Mã học sinh,C1,C2\nn8,{code},A,A\nn9,{code},B,B\n".encode(), officer, key="AB")

    assert [(one["line"], "đã có ở dòng trên" in one["message"]) for one in file.problems] == [(3, True)]
    assert not CandidateAnswers.objects.exists()


def test_before_there_are_results_the_frozen_list_tells_whose_a_number_is(world, officer):
    campaign = started(world)
    listed = list(Candidate.objects.filter(exam=exam_of(campaign)).order_by("sbd")[:2])
    data = f"SBD,Mã học sinh,C1,C2\n{listed[0].sbd},{listed[1].pupil.code},A,A\n"

    file = send(exam_of(campaign), data.encode(), officer, key="AB")

    assert (file.state, [one["line"] for one in file.problems]) == ("refused", [2])


@pytest.mark.parametrize(("data", "word"), [(b"%PDF-1.7", "PDF"), (b"SBD,C1,C2\n1,A,B\n", "3 câu")])
def test_a_file_that_cannot_be_read_says_why(exam, officer, data, word):
    file = send(exam, data, officer, key="ABC")

    assert file.state == "refused"
    assert word in file.refusal


def test_a_key_comes_in_a_file_or_typed_and_the_subject_is_one_of_the_exams(exam, officer, sat):
    wishes = {
        "responses.key": Sent("toan", _upload(b"x"), None, " "),
        "responses.subject": Sent("van_hoc", _upload(b"x"), None, "A"),
    }
    for code, sent in wishes.items():
        with pytest.raises(RuleBroken) as refusal:
            receive_answers(exam, sent, by=officer, unit_path=WHOLE_PROVINCE)
        assert refusal.value.code == code


def test_a_key_file_sets_order_and_points(exam, officer):
    key = 'Câu,Đáp án,Điểm\nC2,B,"0,5"\nC1,A,2\n'.encode()

    file = send(exam, b"SBD,C1,C2\n1,A,B\n2,A,C\n", officer, key_file=key)

    assert file.items == [
        {"item": "C2", "key": "B", "points": "0.5"},
        {"item": "C1", "key": "A", "points": "2"},
    ]
    assert list(CandidateAnswers.objects.order_by("sbd").values_list("answers", flat=True)) == ["B|A", "C|A"]


def test_a_teacher_reaches_the_answers_of_his_classes_alone_whatever_is_asked(exam, officer, sat, world):
    send(exam, sat.file, officer, key=KEY)

    enter_scope(Scope(world.schools[0].unit_path, [world.classes[0].unit_path]))

    assert set(CandidateAnswers.objects.values_list("pupil", flat=True)) == {
        pupil.pk for pupil in world.pupils[:3]
    }
    with pytest.raises(ProgrammingError), transaction.atomic():
        CandidateAnswers.objects.update(answers="A")


def _upload(data: bytes):
    return SimpleUploadedFile("x.csv", data)
