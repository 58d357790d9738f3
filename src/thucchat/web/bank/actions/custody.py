"""Proposals are kept encrypted from the first byte: for their custodians, and while reviews last for us.

The secret half of a round's reading key is a file that only the program reads. When the list is frozen it is
destroyed, and what it could open is deleted: from then on only the custodians together open a paper.
"""

import os
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from thucchat.engine.custody.ciphers import CIPHERS, Age
from thucchat.engine.custody.sealed_file import Custodian as Keeper
from thucchat.engine.custody.sealed_file import Sealed
from thucchat.engine.custody.sealed_file import from_bytes as sealed_from
from thucchat.engine.custody.sealed_file import to_bytes as sealed_to
from thucchat.engine.custody.sealing import seal, unseal
from thucchat.engine.errors import InvalidInput
from thucchat.engine.papers.proposed import Proposed, from_bytes, to_bytes
from thucchat.web.bank.models import Proposal, Round
from thucchat.web.shared.errors import RuleBroken

CIPHER = CIPHERS[Age.name]


def make_reading_key(round_: Round) -> str:
    """Keep a new secret key for the round; returns its public half."""
    secret = CIPHER.new_secret()
    path = _path(round_)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secret)
    return CIPHER.recipient(secret)


def destroy_reading_key(round_: Round) -> None:
    """Overwrite and delete the secret key; nothing to do where it is gone."""
    path = _path(round_)
    with suppress(FileNotFoundError):
        path.write_bytes(os.urandom(path.stat().st_size))
        path.unlink()


def lock_away(proposal: Proposal, proposed: Proposed) -> None:
    """Write both sealed forms of the content into `proposal`; saving is the caller's business."""
    content = to_bytes(proposed)
    round_ = proposal.round
    keepers = [Keeper(one.name, one.recipient) for one in round_.custodians.all()]
    proposal.sealed = sealed_to(seal(content, keepers, round_.needed, label=label_of(proposal)))
    proposal.readable = CIPHER.encrypt(content, round_.reading_key)


def read_openly(proposal: Proposal) -> Proposed:
    """The content, while the list is not frozen. Raises RuleBroken: `proposal.sealed`."""
    path = _path(proposal.round)
    if not proposal.is_readable or not path.exists():
        raise RuleBroken("proposal.sealed", "Đề đã niêm phong; chỉ những người giữ khoá cùng mở được.")
    return from_bytes(CIPHER.decrypt(bytes(proposal.readable), path.read_text("ascii")))


def open_sealed(proposal: Proposal, secrets: list[str]) -> tuple[Proposed, tuple[str, ...]]:
    """The content, opened by custodians, and their names.

    Raises RuleBroken with the code of what `unseal` refuses.
    """
    sealed = _package(proposal)
    if sealed.label != label_of(proposal):
        raise RuleBroken("seal.broken", f"Gói niêm phong của đề {proposal.code} đã bị tráo.")
    try:
        opened = unseal(sealed, secrets)
        return from_bytes(opened.content), opened.by
    except InvalidInput as refusal:
        raise RuleBroken(refusal.code, refusal.message) from refusal


def _package(proposal: Proposal) -> Sealed:
    try:
        return sealed_from(bytes(proposal.sealed))
    except InvalidInput as refusal:
        raise RuleBroken(refusal.code, refusal.message) from refusal


def label_of(proposal: Proposal) -> str:
    """What the sealed package shows to all: the round and the code, never the unit."""
    return f"{proposal.round.code}/{proposal.code}"


def _path(round_: Round) -> Path:
    folder: Path = settings.READING_KEYS
    return folder / f"round-{round_.pk}.key"
