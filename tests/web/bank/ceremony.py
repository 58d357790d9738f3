"""A round taken through its steps by the actions, for tests of what comes after."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.web.bank.papers import KEYS, TAGS, paper
from thucchat.engine.custody.ciphers import CIPHERS, Age
from thucchat.web.bank.actions.drawing import close_reveals, hold_draw, reveal
from thucchat.web.bank.actions.freezing import freeze
from thucchat.web.bank.actions.proposals import Handing, hand_in, review_proposal, settle
from thucchat.web.bank.actions.rounds import name_custodian, open_round, pledge, prepare_round
from thucchat.web.bank.models import Proposal, Round

START = datetime(2026, 12, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
DUE, OPENS = START + 24 * HOUR, START + 72 * HOUR
DICE = "20 xúc xắc mười mặt"
DIGITS = "31415926535897932384"
CIPHER = CIPHERS[Age.name]
BODIES = ("Phòng khảo thí", "Thanh tra", "Công an tỉnh", "Công đoàn", "Trường bạn")


def facts(**changes):
    values = {
        "code": "ks-toan-9", "title": "Khảo sát đầu năm Toán 9", "scheme": "papers", "minutes": 45,
        "propose_by": DUE, "opens_at": OPENS, "forms": 2, "needed": 3, "own_cap": None, "form_cap": None,
        "sources": [["dice", DICE]],
    }  # fmt: skip
    return values | changes


@dataclass
class Ceremony:
    """One round and everything people hold outside the system."""

    world: object
    people: dict
    kept: object
    round: Round | None = None
    secrets: list[str] = field(default_factory=list)
    values: dict = field(default_factory=dict)  # pledged, by number of the school

    def opened(self, **changes):
        """Prepared, five custodians named, open to units."""
        by = self.people["testing"]
        self.round = prepare_round(facts(**changes), self.kept, by=by, at=START)
        self.secrets = [CIPHER.new_secret() for _ in BODIES]
        for number, (body, secret) in enumerate(zip(BODIES, self.secrets, strict=True)):
            recipient = CIPHER.recipient(secret)
            name_custodian(self.round.pk, name=f"Người giữ {number}", body=body, recipient=recipient)
        self.round = open_round(self.round.pk, by=by, at=START)
        return self

    def handed_in(self, number: int, *, reviews=("office", "second"), at=START + HOUR) -> Proposal:
        """The paper of one school, settled and reviewed."""
        author, unit = self.people[number], self.world.schools[number]
        made = hand_in(self.round, paper(number), Handing(unit, author, at + number * HOUR))
        settle(made.pk, KEYS, TAGS, by=author, at=at)
        for role in reviews:
            review_proposal(made.pk, approves=True, remark="", by=self.people[role], at=at)
        self.values[number] = f"{number}-{'0123456789abcdef' * 2}"
        pledge(self.round.pk, unit, self.values[number], by=author, at=at)
        made.refresh_from_db()
        return made

    def frozen(self):
        """The first draw, announced."""
        return freeze(self.round.pk, by=self.people["testing"], at=DUE + HOUR)

    def drawn(self, draw, *, digits=DIGITS):
        """Values opened, dice thrown."""
        for number, value in self.values.items():
            school = self.world.schools[number]
            reveal(draw.pk, school, value, by=self.people[number], at=DUE + 2 * HOUR)
        close_reveals(draw.pk, by=self.people["testing"], at=DUE + 3 * HOUR)
        return hold_draw(draw.pk, {DICE: digits}, by=self.people["testing"], at=DUE + 4 * HOUR)
