from datetime import date

from tests.web.world import make_school, make_staff
from thucchat.web.people.queries.signers import head_name, signature_of


def test_a_school_is_signed_for_by_its_principal(world):
    make_staff(world.schools[0], "Bà Cũ", position="principal", left_on=date(2025, 1, 1))
    make_staff(world.schools[0], "Ông Mới", position="principal")

    signature = signature_of(world.schools[0])

    assert (signature.office, signature.name) == (("Hiệu trưởng",), "Ông Mới")


def test_a_team_is_signed_for_by_its_head(world):
    head = make_staff(world.schools[0], "Tổ Trưởng", team=world.teams[0], is_team_head=True)

    signature = signature_of(world.teams[0])

    assert (signature.office, signature.name) == (("Tổ trưởng",), head.full_name)


def test_where_no_list_tells_the_head_the_name_stays_open(world):
    assert head_name(world.province) == ""
    assert signature_of(world.districts[0]).office == ("Trưởng phòng",)


def test_a_centre_has_a_director(world):
    centre = make_school("Trung tâm GDTX tỉnh", world.province, "gdtx")

    assert signature_of(centre).office == ("Giám đốc",)
