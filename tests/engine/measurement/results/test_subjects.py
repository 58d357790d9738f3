import pytest

from thucchat.engine.measurement.results.subjects import subject_code, subject_label


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("Toán", "toan"),
        ("Điểm bài thi Toán", "toan"),
        ("Toán (HS 2)", "toan"),
        ("Ngữ\nvăn (*)", "van"),
        ("NguVan", "van"),
        ("ngoai_ngu", "ngoai_ngu"),
        ("Ng.ngữ", "ngoai_ngu"),
        ("VatLy", "li"),
        ("GDKT&PL", "gdkt_pl"),
        ("giao_duc_cong_dan", "gdcd"),
        ("cn_nong_nghiep", "cn_nong_nghiep"),
        ("Hoá học", "hoa"),
    ],
)
def test_headings_of_known_files_name_their_subject(heading, code):
    assert subject_code(heading) == code


@pytest.mark.parametrize("heading", ["sbd", "Ngày sinh", "Địa chỉ", "ma_mon_ngoai_ngu", "Tổng điểm", "Điểm"])
def test_other_headings_name_none(heading):
    assert subject_code(heading) is None


def test_an_unknown_subject_keeps_its_heading():
    assert subject_label("Tiếng  Thái") == "Tiếng Thái"
