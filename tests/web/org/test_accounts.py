import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse

from tests.web.world import make_user
from thucchat.web.org.models import Grant, Role
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, enter_scope

PASSWORD = "một mật khẩu dài"


@pytest.fixture
def principal(world):
    user = make_user("principal", world.schools[0])
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client: Client, user, password: str = PASSWORD, address: str = "10.0.0.1"):
    return client.post(
        reverse("account_login"), {"login": user.username, "password": password}, REMOTE_ADDR=address
    )


def test_passwords_are_kept_as_argon2(principal):
    assert principal.password.startswith("argon2$argon2id$")


def test_an_officer_signs_in_with_password_and_second_factor(principal):
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(principal, secret)
    client = Client()

    first = sign_in(client, principal)
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    second = client.post(first.url, {"code": code})

    assert first.url == reverse("mfa_authenticate")
    assert second.url == "/"
    assert client.get("/").status_code == 200


def test_the_pages_that_set_up_the_second_factor_can_be_used(principal):
    client = Client()
    sign_in(client, principal)

    confirm = client.get(client.get("/").url)
    page = client.post(confirm.url, {"password": PASSWORD}, follow=True)
    assert "Thiết lập bước xác thực thứ hai" in page.content.decode()
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    client.post(reverse("mfa_activate_totp"), {"code": code})

    assert Authenticator.objects.filter(user=principal, type="totp").exists()
    for name in (
        "mfa_index",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_deactivate_totp",
    ):
        assert client.get(reverse(name), follow=True).status_code == 200


def test_a_guesser_is_locked_out_and_the_owner_is_not(principal):
    guesser, owner = Client(), Client()
    for _ in range(8):
        sign_in(guesser, principal, "sai", address="10.9.9.9")

    assert sign_in(guesser, principal, address="10.9.9.9").status_code == 429
    assert sign_in(owner, principal, address="10.0.0.1").status_code == 302


def test_nobody_signs_up_by_himself(db):
    assert Client().get("/tai-khoan/dang-ky/").status_code == 404


@pytest.fixture
def signed_in(principal, settings):
    settings.SECOND_FACTOR = False
    client = Client()
    client.force_login(principal)
    return client


def test_a_principal_makes_an_account_with_a_role_in_his_school(world, signed_in):
    facts = {
        "username": "co.lan",
        "full_name": "Quàng Thị Lan",
        "role": "teacher",
        "unit": world.schools[0].pk,
    }

    page = signed_in.post(reverse("org:user-add"), facts, follow=True)

    enter_scope(Scope(WHOLE_PROVINCE))
    grant = Grant.objects.get(user__username="co.lan")
    assert (grant.role, grant.unit) == (Role.TEACHER, world.schools[0])
    assert "Mật khẩu tạm thời" in page.content.decode()


@pytest.mark.parametrize(("role", "place"), [("leader", 0), ("teacher", 1)])
def test_nobody_gives_what_is_not_his_to_give(world, signed_in, role, place):
    facts = {"username": "x", "full_name": "X", "role": role, "unit": world.schools[place].pk}

    page = signed_in.post(reverse("org:user-add"), facts)

    assert page.status_code == 200
    assert page.context["forms"][0].errors
    enter_scope(Scope(WHOLE_PROVINCE))
    assert not Grant.objects.filter(user__username="x").exists()


def test_an_ended_role_counts_no_longer(world, signed_in):
    teacher = make_user("teacher", world.schools[0])
    grant = teacher.grants.get()

    signed_in.post(reverse("org:grant-end", args=[grant.pk]))

    client = Client()
    client.force_login(teacher)
    assert client.get("/hoc-sinh/").status_code == 403


def test_one_person_changes_between_his_roles(world, principal, signed_in):
    enter_scope(Scope(WHOLE_PROVINCE))
    other = Grant.objects.create(
        user=principal, role="clerk", unit=world.schools[2], valid_from=world.schools[2].opened_on,
        unit_path=world.schools[2].unit_path,
    )  # fmt: skip

    signed_in.post(reverse("org:roles"), {"grant": other.pk})

    assert world.schools[2].name in signed_in.get("/").content.decode()
