"""Tables of plans."""

from thucchat.web.plans.models.figures import ReportedFigure

__all__ = ["ReportedFigure"]
