"""The unit a person writes for: a team head writes for his school."""

from thucchat.web.org.acting import Acting
from thucchat.web.org.models import Unit


def unit_of(acting: Acting) -> Unit:
    """The person's unit, or the school of his team."""
    unit = acting.unit
    return unit.parent if unit.kind == Unit.Kind.TEAM and unit.parent else unit
