"""What was drawn is opened by its custodians and made into variants, in memory: nothing of it is stored."""

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from thucchat.engine.errors import EngineError, NoResult
from thucchat.engine.papers.blueprint import KINDS
from thucchat.engine.papers.proposed import Proposed, answers_of
from thucchat.engine.papers.reading.answers import AnswerList
from thucchat.engine.papers.shuffle import Shuffled, shuffle
from thucchat.engine.papers.writing.fragments import composed, fragments_of
from thucchat.engine.papers.writing.pdf import papers_to_pdf
from thucchat.web.bank.actions.custody import open_sealed
from thucchat.web.bank.models import Draw, Proposal, Round
from thucchat.web.bank.queries.openings import opening_content
from thucchat.web.bank.queries.rounds import minutes_of
from thucchat.web.ledger.actions.decisions import consume, propose
from thucchat.web.ledger.actions.recording import record_event
from thucchat.web.ledger.models import Decision
from thucchat.web.org.models import User
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.fonts import font_folders
from thucchat.web.shared.scope import WHOLE_PROVINCE

FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # of every file in the archive: the same paper gives the same bytes


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be made of a drawn form."""

    form: int  # from 1
    codes: tuple[str, ...]  # one a variant
    secrets: tuple[str, ...]  # of the custodians present


@transaction.atomic
def ask_to_open(draw: Draw, form: int, reason: str, *, by: User, role: str, at: datetime) -> Decision:
    """Ask leave. Raises RuleBroken: `draw.state`, `opening.form`, `decision.reason`."""
    if draw.state != Draw.State.DRAWN:
        raise RuleBroken("draw.state", "Chưa bốc thăm nên chưa có đề nào để mở.")
    if not 1 <= form <= draw.round.forms:
        raise RuleBroken("opening.form", f"Lần bốc này có {draw.round.forms} đề; không có đề {form}.")
    return propose(
        Decision.Kind.UNSEAL,
        opening_content(draw, form),
        summary=f"Mở niêm phong đề {form} của {draw.round.title}"[:300],
        reason=reason,
        by=by,
        role=role,
        at=at,
        unit_path=WHOLE_PROVINCE,
    )


@transaction.atomic
def open_and_shuffle(draw: Draw, wish: Wish, decision_id: int, *, by: User, at: datetime) -> bytes:
    """The archive of variants, keys and map, once; its fingerprint goes into the ledger.

    Raises RuleBroken: `opening.early` before time T, what `consume` refuses, what custodians' keys are
    refused for, and why variants cannot be made.
    """
    if at < draw.round.opens_at:
        raise RuleBroken(
            "opening.early", f"Chưa tới giờ mở niêm phong {draw.round.opens_at:%H:%M %d/%m/%Y} (UTC)."
        )
    consume(Decision.Kind.UNSEAL, opening_content(draw, wish.form), decision_id=decision_id, by=by, at=at)
    paper, key, keepers = _opened(draw, wish)
    seed = hashlib.sha256(f"{draw.fingerprint}/{wish.form}".encode()).hexdigest()
    try:
        shuffled = shuffle(paper, wish.codes, seed, key=key)
    except EngineError as refusal:
        raise RuleBroken(refusal.code, refusal.message) from refusal
    content = _archive(draw, wish, paper, shuffled)
    facts = {"form": wish.form, "custodians": list(keepers), "sha256": hashlib.sha256(content).hexdigest()}
    record_event("draw.opened", draw, by=by, at=at, unit_path=WHOLE_PROVINCE, **facts)
    return content


def _opened(draw: Draw, wish: Wish) -> tuple[bytes, AnswerList, tuple[str, ...]]:
    """The Word file of the form, its keys, and who opened it."""
    chosen = minutes_of(draw).selection.forms[wish.form - 1]
    codes = {one.partition("/")[0] for one in chosen}
    rows = {row.code: row for row in Proposal.objects.filter(round=draw.round, code__in=codes)}
    opened: dict[str, Proposed] = {}
    keepers: tuple[str, ...] = ()
    for code in sorted(codes):
        rows[code].round = draw.round
        opened[code], keepers = open_sealed(rows[code], list(wish.secrets))
        if hashlib.sha256(opened[code].file).hexdigest() != rows[code].sha256:
            raise RuleBroken("opening.other", f"Nội dung mở ra không phải là tệp đã nộp của đề {code}.")
    if draw.round.scheme == Round.Scheme.PAPERS:
        only = opened[chosen[0]]
        return only.file, answers_of(only.paper()), keepers
    file, key = _put_together(draw, chosen, opened)
    return file, key, keepers


def _put_together(draw: Draw, chosen: Sequence[str], opened: dict[str, Proposed]) -> tuple[bytes, AnswerList]:
    """A paper of single questions, kind by kind; each keeps the key it has in the paper it came from."""
    parts = {code: fragments_of(proposed.file) for code, proposed in opened.items()}
    papers = {code: proposed.paper().questions for code, proposed in opened.items()}
    places = [(code, int(place) - 1) for code, _, place in (entry.partition("/") for entry in chosen)]
    places.sort(key=lambda one: KINDS.index(papers[one[0]][one[1]].type))
    key = AnswerList()
    for number, (code, place) in enumerate(places, 1):
        if answer := papers[code][place].key:
            key.add(number, answer, restarts=False)
    return composed([parts[code][place] for code, place in places], draw.round.title.upper()), key


def _archive(draw: Draw, wish: Wish, paper: bytes, shuffled: Shuffled) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:

        def put(name: str, content: bytes) -> None:
            archive.writestr(zipfile.ZipInfo(f"{draw.round.code}/{name}", FIRST_DAY), content)

        put("de-goc.docx", paper)
        for code, file in zip(wish.codes, shuffled.files, strict=True):
            put(f"ma-de-{code}.docx", file)
        for code, file in zip(wish.codes, _printed(shuffled.files), strict=False):
            put(f"ma-de-{code}.pdf", file)
        put("dap-an.xlsx", shuffled.keys)
        summary = {
            "seed": shuffled.seed,
            "fingerprint": shuffled.fingerprint,
            "kept": shuffled.kept,
            "variants": [asdict(one) for one in shuffled.maps],
        }
        put("so-do.json", json.dumps(summary, ensure_ascii=False, sort_keys=True, indent=1).encode())
    return target.getvalue()


def _printed(files: Sequence[bytes]) -> list[bytes]:
    """PDF of each variant; none where a paper holds objects that only Word draws."""
    try:
        return papers_to_pdf(files, font_folders())
    except NoResult:
        return []
