import io
import random
from itertools import combinations

import pyrage
import pytest

from thucchat.engine.custody.ciphers import CIPHERS, Age
from thucchat.engine.custody.sealed_file import Custodian, Sealed, from_bytes, to_bytes
from thucchat.engine.custody.sealing import SMALLEST, seal, unseal
from thucchat.engine.errors import InvalidInput

CANARY = "con chim xanh hót trên cành đào".encode()
AGE = Age()
SECRETS = [AGE.new_secret() for _ in range(5)]
PEOPLE = [Custodian(f"người giữ {place}", AGE.recipient(secret)) for place, secret in enumerate(SECRETS)]
FLIPS = 2000


@pytest.fixture(scope="module")
def package():
    return seal(CANARY * 3, PEOPLE, 3, label="Đề số 7")


def test_any_three_of_five_open_in_any_order(package):
    for group in combinations(range(5), 3):
        opened = unseal(package, [SECRETS[place] for place in reversed(group)])
        assert opened.content == CANARY * 3
        assert opened.by == tuple(PEOPLE[place].name for place in group)


def test_no_two_of_five_open(package):
    for pair in combinations(SECRETS, 2):
        with pytest.raises(InvalidInput) as refusal:
            unseal(package, pair)
        assert refusal.value.code == "seal.few"


def test_no_two_of_five_peel_any_envelope_by_hand(package):
    """Without our checks: every layer that two keys can remove, removed with age itself."""
    for pair in combinations(SECRETS, 2):
        keys = [pyrage.x25519.Identity.from_str(secret) for secret in pair]
        for envelope in package.envelopes:
            inside = envelope
            for _ in range(3):
                try:
                    inside = pyrage.decrypt(inside, keys)
                except pyrage.DecryptError:
                    break
            assert inside.startswith(b"age-encryption.org")
        with pytest.raises(pyrage.DecryptError):
            pyrage.decrypt(package.body, keys)


def test_one_key_given_twice_counts_once(package):
    with pytest.raises(InvalidInput, match="mới có 2"):
        unseal(package, [SECRETS[0], SECRETS[0], SECRETS[1]])


def test_a_strange_key_is_named_by_its_place(package):
    with pytest.raises(InvalidInput, match="Khoá thứ 2 không thuộc") as refusal:
        unseal(package, [SECRETS[0], AGE.new_secret(), SECRETS[1]])
    assert refusal.value.code == "seal.stranger"
    with pytest.raises(InvalidInput) as refusal:
        unseal(package, ["không phải khoá", *SECRETS[:2]])
    assert refusal.value.code == "seal.secret"


def test_a_file_comes_back_as_it_was_and_shows_no_word_of_the_content(package):
    content = to_bytes(package)

    assert from_bytes(content) == package
    assert CANARY not in content
    assert not any(CANARY in part for part in (*package.envelopes, package.body))


def test_every_flipped_bit_is_refused(package):
    content, chance = to_bytes(small(package)), random.Random(5)
    for _ in range(FLIPS):
        place = chance.randrange(len(content))
        changed = bytearray(content)
        changed[place] ^= 1 << chance.randrange(8)
        with pytest.raises(InvalidInput):
            unseal(from_bytes(bytes(changed)), SECRETS[:3])


def small(package):
    """The same package with a body of few bytes, so that flips hit envelopes and header too."""
    opened = [SECRETS[0], SECRETS[1], SECRETS[2]]
    key = package.envelopes[0]
    for secret in opened:
        key = AGE.decrypt(key, secret)
    inside = AGE.decrypt(package.body, key.decode())[: 32 + 8 + len(CANARY) * 3]
    body = AGE.encrypt(inside, AGE.recipient(key.decode()))
    made = Sealed(package.cipher, package.label, package.needed, package.custodians, package.envelopes, body)
    assert unseal(made, opened).content == CANARY * 3
    return made


def test_an_envelope_of_another_package_is_refused_even_where_it_is_not_needed(package):
    other = seal(b"khac", PEOPLE, 3, label="Đề số 8")
    mixed = Sealed(
        package.cipher,
        package.label,
        3,
        package.custodians,
        (*package.envelopes[:9], other.envelopes[9]),
        package.body,
    )
    with pytest.raises(InvalidInput) as refusal:
        unseal(mixed, SECRETS[:3])
    assert refusal.value.code == "seal.broken"


@pytest.mark.parametrize("length", [0, 1, 5000, SMALLEST - 8])
def test_the_size_tells_nothing_but_the_random_filling_of_the_age_header(length):
    body = seal(bytes(length), PEOPLE[:2], 2, label="x").body

    assert SMALLEST < len(body) < SMALLEST + 1000


def test_longer_contents_go_to_the_next_power_of_two_and_open():
    content = bytes(range(256)) * 5000
    package = seal(content, PEOPLE, 1, label="dài")

    assert 2 << 20 < len(package.body) < (2 << 20) + 2000
    assert unseal(package, SECRETS[4:]).content == content


@pytest.mark.parametrize(
    ("people", "needed", "code"),
    [
        (PEOPLE, 0, "needed"),
        (PEOPLE, 6, "needed"),
        ([], 1, "needed"),
        ([*PEOPLE, PEOPLE[0]], 3, "custodians"),
        ([Custodian("a", "age1sai"), PEOPLE[0]], 2, "recipient"),
        ([Custodian(str(n), str(n)) for n in range(12)], 6, "needed"),
    ],
)
def test_what_cannot_be_sealed_is_refused(people, needed, code):
    with pytest.raises(InvalidInput) as refusal:
        seal(b"de", people, needed, label="x")
    assert refusal.value.code == f"seal.{code}"


def test_an_unknown_cipher_is_named(package):
    strange = Sealed("la", package.label, 3, package.custodians, package.envelopes, package.body)
    with pytest.raises(InvalidInput, match="“la”"):
        unseal(strange, SECRETS[:3])


class Plain:
    """A cipher for this test only: it hides nothing, but shows that the module can be replaced."""

    name = "plain"

    def new_secret(self):
        return "bi-mat"

    def recipient(self, secret):
        return secret

    def encrypt(self, content, recipient):
        return recipient.encode() + b"|" + content

    def decrypt(self, sealed, secret):
        if not sealed.startswith(secret.encode() + b"|"):
            raise InvalidInput("seal.broken", "sai")
        return sealed.removeprefix(secret.encode() + b"|")


def test_the_cipher_can_be_replaced(monkeypatch):
    monkeypatch.setitem(CIPHERS, "plain", Plain())
    people = [Custodian(name, f"khoa-{name}") for name in "abc"]
    package = from_bytes(to_bytes(seal(b"de thi", people, 2, label="x", cipher=Plain())))

    assert unseal(package, ["khoa-c", "khoa-a"]).content == b"de thi"


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"null", b"\xff", b'{"format":1}', b"[" * 100_000])
def test_files_that_are_no_package_are_refused(content):
    with pytest.raises(InvalidInput) as refusal:
        from_bytes(io.BytesIO(content).read())
    assert refusal.value.code == "seal.file"
