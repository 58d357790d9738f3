"""Every address × method × role × relation, generated from the addresses themselves.

Who may do a thing is read from the view's policy; whether he may see the object is worked out here from the
places alone. An address without a policy, or with an id this file does not know, fails.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

import pytest
from django.db import transaction
from django.db.models import Q
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from tests.web.config.placed import COMMON_ROWS, MADE, OWNED, Place, handover_of, target_of
from tests.web.world import World, make_pupil, make_user
from thucchat.web.org.models import Grant, Role, Unit, User
from thucchat.web.people.models import Assignment, Pupil
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, enter_scope

SCHOOL_ROLES = {Role.PRINCIPAL, Role.CLERK, Role.TEACHER, Role.TEAM_HEAD}
ALLOWED = {200, 302, 405}


@dataclass(frozen=True)
class Endpoint:
    """One address, with the names of its arguments."""

    name: str
    arguments: tuple[str, ...]
    policy: frozenset[Role] | None


def endpoints() -> Iterator[Endpoint]:
    """All addresses of the site."""

    def walk(patterns, namespace: str) -> Iterator[Endpoint]:
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                names = tuple(pattern.pattern.converters)
                yield Endpoint(f"{namespace}{pattern.name}", names, getattr(pattern.callback, "policy", None))
            else:
                yield from walk(
                    pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else namespace
                )

    return walk(get_resolver().url_patterns, "")


ENDPOINTS = list(endpoints())
GUARDED = [endpoint for endpoint in ENDPOINTS if endpoint.policy]


def test_every_address_has_a_policy():
    assert [endpoint.name for endpoint in ENDPOINTS if endpoint.policy is None] == []


@pytest.fixture
def people(world: World) -> dict[Role, User]:
    """One person a role, at the role's usual place, with a second role nowhere."""
    places = dict.fromkeys(Role, world.province) | {
        Role.DISTRICT: world.districts[0],
        Role.PRINCIPAL: world.schools[0],
        Role.CLERK: world.schools[0],
        Role.TEACHER: world.schools[0],
        Role.TEAM_HEAD: world.teams[0],
    }
    today = timezone.localdate()
    Assignment.objects.update(days=(date(2020, 1, 1), None))
    world.teachers[1].team = None
    world.teachers[1].save()
    world.year.starts, world.year.ends = date(today.year - 1, 9, 1), date(today.year + 1, 8, 31)
    world.year.save()
    made = {role: make_user(role, unit) for role, unit in places.items()}
    made[Role.TEACHER].staff_code = world.teachers[0].code
    made[Role.TEACHER].save()
    return made


@pytest.fixture
def places(world: World, people) -> dict[str, Place]:
    """An object of each kind in the first school's two classes and in the places around it."""

    def school(number: int, class_number: int) -> Place:
        row = world.classes[class_number]
        user = make_user("clerk", world.schools[number])
        return Place(
            row.unit_path, world.schools[number], Pupil.objects.filter(current_class=row).first(),
            world.teachers[class_number], row.unit_path, row.pk, user, user.grants.get(),
            handover_of(world, row), target_of(world, row),
        )  # fmt: skip

    officer = make_user("district", world.districts[0])
    return {
        "own": school(0, 0),
        "other class": school(0, 1),
        "sibling": school(1, 2),
        "other": school(2, 4),
        "child": Place(world.teams[0].unit_path, world.teams[0]),
        "parent": Place(
            world.districts[0].unit_path, world.districts[0], user=officer, grant=officer.grants.get()
        ),
    }


# What an argument stands for: the id in a place, and the path that decides who sees it.
ARGUMENTS: dict[str, Callable[[Place], tuple[int | None, str]]] = {
    "unit_id": lambda place: (place.unit.pk, place.unit.unit_path),
    "school_id": lambda place: (place.unit.pk if place.unit.is_school else None, place.unit.unit_path),
    "pupil_id": lambda place: (place.pupil and place.pupil.pk, place.class_path),
    "staff_id": lambda place: (place.staff and place.staff.pk, place.unit.unit_path),
    "class_id": lambda place: (place.class_id, place.class_path),
    "handover_id": lambda place: (place.handover_id, place.class_path),
    "target_id": lambda place: (place.target_id, place.class_path),
    "grant_id": lambda place: (place.grant and place.grant.pk, place.unit.unit_path),
    "user_id": lambda place: (place.user and place.user.pk, place.unit.unit_path),
}
OF_CLASS = {"pupil_id", "class_id", "handover_id", "target_id"}
NOT_OF_TEACHERS = {
    "commitment_id",
    "acceptance_id",
    "exemption_id",
    "rating_id",
}  # of a school: its teachers see their own only
OF_TEAMS = {"commitment_id", "acceptance_id", "exemption_id"}  # a team promises too: its head sees these
VALUES = {
    "kind": "pupils",
    "form": "csv",
    "year": "2026-2027",
    "step": "ban-giao",
    "indicator": "db24.accredited",
}  # arguments that name no object
COMMON = {
    "rulebook_id",
    "run_id",
    "campaign_id",
    "exam_id",
    "sitting_id",
    "cluster_id",
    "blueprint_id",
    "round_id",
    "draw_id",
    "measure_run_id",
}  # known to everybody; what a page of it shows depends on the scope


NOTHING_YET = {"people:import-problems"}  # a file without problems has no list of them


def sees(world: World, role: Role, unit: Unit, argument: str, path: str) -> bool:
    """Whether the place is at or below the person's `unit`, and for teachers one of their classes."""
    base = unit.parent if unit.kind == "team" and argument not in {"unit_id", "user_id", "grant_id"} else unit
    if role == Role.TEAM_HEAD and argument in OF_TEAMS:
        return path.startswith(unit.unit_path)
    if role in {Role.TEACHER, Role.TEAM_HEAD} and argument in NOT_OF_TEACHERS:
        return False
    if role in {Role.TEACHER, Role.TEAM_HEAD} and argument in OF_CLASS:
        return path == world.classes[0].unit_path
    return path.startswith(base.unit_path)


def send(client: Client, method: str, url: str) -> int:
    """The answer's status; whatever a POST did is undone."""
    with transaction.atomic():
        status = getattr(client, method)(url).status_code
        transaction.set_rollback(True)
    return status


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("method", ["get", "post"])
def test_each_role_reaches_what_it_may_and_nothing_else(world, people, places, settings, role, method):
    settings.SECOND_FACTOR = False
    client, wrong = Client(), []
    client.force_login(people[role])
    for endpoint in GUARDED:
        aims = targets(world, people[role], role, endpoint, places)
        if role not in endpoint.policy:
            aims = islice(aims, 1)  # refused before any object is looked up
        for relation, url, visible in aims:
            status = send(client, method, url)
            if status not in expected(role, endpoint, visible=visible):
                wrong.append((endpoint.name, relation, visible, status))
    assert wrong == []


def expected(role: Role, endpoint: Endpoint, *, visible: bool) -> set[int]:
    """405 tells only that the address takes another method, whatever stands behind it."""
    if role not in endpoint.policy:
        return {403}
    if endpoint.name in NOTHING_YET:
        return {404, 405}
    return ALLOWED if visible else {404, 405}


def targets(world, user, role, endpoint, places) -> Iterator[tuple[str, str, bool]]:
    """Each relation of an object to the person, the address of such an object, whether he may see it."""
    given = {name: VALUES[name] for name in endpoint.arguments if name in VALUES}
    objects = [name for name in endpoint.arguments if name not in VALUES]
    assert len(objects) <= 1, f"{endpoint.name} takes several objects"
    for argument in objects:
        for relation, key, visible in related(world, user, role, argument, places):
            yield relation, reverse(endpoint.name, kwargs=given | {argument: key}), visible
    if not objects:
        yield "none", reverse(endpoint.name, kwargs=given), True


def related(world, user, role, argument, places) -> Iterator[tuple[str, int, bool]]:
    enter_scope(Scope(WHOLE_PROVINCE))
    unit = user.grants.get().unit
    if argument in COMMON:
        yield "common", COMMON_ROWS[argument](), True
    elif argument in OWNED:
        path = unit.parent.unit_path if unit.kind == "team" else unit.unit_path
        yield "own", OWNED[argument](user, path), True
        yield "other's", OWNED[argument](places["sibling"].user, path), False
    else:
        for relation, place in places.items():
            enter_scope(Scope(WHOLE_PROVINCE))
            if argument in MADE:
                key, path = MADE[argument](place, world, user), place.unit.unit_path
            else:
                key, path = ARGUMENTS[argument](place)
            if key is not None:
                yield relation, key, sees(world, role, unit, argument, path)


@pytest.mark.parametrize("method", ["get", "post"])
def test_former_holders_of_a_role_and_strangers_reach_nothing(world, people, places, settings, method):
    settings.SECOND_FACTOR = False
    former, stranger = Client(), Client()
    user = people[Role.PRINCIPAL]
    Grant.objects.filter(user=user).update(valid_to=date(2020, 1, 1))
    former.force_login(user)
    for endpoint in GUARDED:
        url = reverse(endpoint.name, kwargs={name: VALUES.get(name, 1) for name in endpoint.arguments})
        assert send(former, method, url) == 403, endpoint.name
        with transaction.atomic():
            answer = getattr(stranger, method)(url)
        assert answer.status_code == 302, endpoint.name
        assert answer.url.startswith("/tai-khoan/dang-nhap/"), endpoint.name


def test_officers_without_a_second_factor_see_only_the_page_that_sets_it_up(world, people, settings):
    settings.SECOND_FACTOR = True
    client = Client()
    client.force_login(people[Role.PRINCIPAL])

    assert client.get("/hoc-sinh/").url == reverse("mfa_activate_totp")


@pytest.mark.parametrize("role", sorted(SCHOOL_ROLES | {Role.DISTRICT}))
def test_with_the_first_lock_off_the_second_still_shows_no_foreign_row(
    world, people, places, settings, role, monkeypatch
):
    settings.SECOND_FACTOR = False
    for module in [module for name, module in sys.modules.items() if name.startswith("thucchat.web.")]:
        for lock in ("within", "below"):
            if hasattr(module, lock):
                monkeypatch.setattr(module, lock, lambda _: Q())
    enter_scope(Scope(WHOLE_PROVINCE))
    secret = make_pupil(world.classes[4], "Người Không Được Thấy")
    client = Client()
    client.force_login(people[role])

    for name in ("people:pupils", "people:classes", "people:staff-list", "org:tree", "org:users"):
        page = client.get(reverse(name)).content.decode()
        assert "Người Không Được Thấy" not in page
        assert "Trường THCS 2" not in page, name
    assert client.get(reverse("people:pupil", args=[secret.pk])).status_code == 404
