"""Leave to open a drawn form, as it stands."""

from dataclasses import dataclass

from thucchat.engine.custody.canonical import fingerprint
from thucchat.web.bank.models import Draw
from thucchat.web.ledger.models import Decision


@dataclass(frozen=True, slots=True)
class Opening:
    """One request to open one form."""

    pk: int
    form: int
    state: str
    state_name: str
    reason: str

    @property
    def is_approved(self) -> bool:
        return self.state == Decision.State.APPROVED


def opening_content(draw: Draw, form: int) -> dict[str, object]:
    """What leave to open is given for: this form of this draw, and nothing else."""
    return {"draw": draw.pk, "minutes": draw.fingerprint, "form": form}


def openings_of(draw: Draw) -> list[Opening]:
    """Requests for every form of a draw, newest first."""
    forms = {fingerprint(opening_content(draw, form)): form for form in range(1, draw.round.forms + 1)}
    rows = Decision.objects.filter(kind=Decision.Kind.UNSEAL, content__in=forms)
    return [
        Opening(row.pk, forms[row.content], row.state, row.get_state_display(), row.reason) for row in rows
    ]
