"""Tables of the quality contract."""

from thucchat.web.quality.models.acceptances import Acceptance, Evidence, Exemption, Outcome
from thucchat.web.quality.models.commitments import Commitment
from thucchat.web.quality.models.handovers import Band, Handover, HandoverCorrection
from thucchat.web.quality.models.reviews import Review, ReviewAction
from thucchat.web.quality.models.targets import Target, TargetVoice

__all__ = [
    "Acceptance",
    "Band",
    "Commitment",
    "Evidence",
    "Exemption",
    "Handover",
    "HandoverCorrection",
    "Outcome",
    "Review",
    "ReviewAction",
    "Target",
    "TargetVoice",
]
