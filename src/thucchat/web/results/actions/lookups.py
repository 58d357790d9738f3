"""The public look-up: one candidate's scores for a number and a birth date, and as little else as possible.

Whatever is wrong (number, date, an exam not published) the same statements run and the same answer comes.
A guesser is stopped twice: by address, and by the candidate number that is guessed at (decision 8).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from ipaddress import ip_address, ip_network

from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from thucchat.web.results.models import LookupTry
from thucchat.web.shared.errors import RuleBroken

WINDOW = timedelta(hours=24)
# Failures within the window. A birth date is one of some 400 days: ten tries a day find it in a month.
MOST_OF_CANDIDATE = 10
# A school or a phone company stands behind one address: each candidate found there allows one failure more.
MOST_OF_ADDRESS = 10
LOCKS = 7301  # the family of advisory locks on addresses and numbers
NETWORK = 64  # bits: one household or machine chooses freely among its IPv6 addresses

COUNT = """
SELECT count(*) FILTER (WHERE candidate = %(candidate)s AND NOT found),
       count(*) FILTER (WHERE address = %(address)s AND NOT found)
       - count(DISTINCT candidate) FILTER (WHERE address = %(address)s AND found)
FROM results_lookuptry WHERE at > %(since)s AND (candidate = %(candidate)s OR address = %(address)s)
"""


@dataclass(frozen=True, slots=True)
class Question:
    """What a stranger asks."""

    exam_id: int
    sbd: str
    born_on: date
    address: str


@transaction.atomic
def look_up(question: Question, *, at: datetime) -> list[int | None] | None:
    """Scores in the codes of `ExamResult`, in the order of the exam's subjects; None when nothing fits.

    Raises RuleBroken `lookup.limit` after too many failures, whether or not there is such a candidate.
    """
    address = _digest("address", _network(question.address))
    candidate = _digest("candidate", f"{question.exam_id}/{question.sbd}")
    with connection.cursor() as cursor:
        # In this order always, so that two requests never wait for each other.
        for digest in (address, candidate):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCKS, _number(digest)])
        cursor.execute(COUNT, {"candidate": candidate, "address": address, "since": at - WINDOW})
        of_candidate, of_address = cursor.fetchone()
        if of_candidate >= MOST_OF_CANDIDATE or of_address >= MOST_OF_ADDRESS:
            raise RuleBroken(
                "lookup.limit",
                "Đã tra không đúng quá nhiều lần. Hãy thử lại sau một ngày, hoặc hỏi nhà trường.",
            )
        cursor.execute(
            "SELECT look_up_result(%s, %s, %s)", [question.exam_id, question.sbd, question.born_on]
        )
        (scores,) = cursor.fetchone()
    LookupTry.objects.create(at=at, address=address, candidate=candidate, found=scores is not None)
    return None if scores is None else list(scores)


def forget_tries(*, at: datetime) -> int:
    """Tries that no longer count are forgotten; returns how many."""
    return LookupTry.objects.filter(at__lte=at - WINDOW).delete()[0]


def _network(address: str) -> str:
    """The address that is counted; what is none counts as itself."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if known.version == 4 or known.ipv4_mapped:
        return str(known if known.version == 4 else known.ipv4_mapped)
    return str(ip_network((known, NETWORK), strict=False))


def _digest(kind: str, text: str) -> str:
    return salted_hmac(f"results.lookup.{kind}", text, algorithm="sha256").hexdigest()


def _number(digest: str) -> int:
    """A lock's number: 31 bits of the digest."""
    return int(digest[:8], 16) >> 1
