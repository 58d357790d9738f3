"""Tables of the bank."""

from thucchat.web.bank.models.blueprints import Blueprint
from thucchat.web.bank.models.items import Item, ItemReview, SourceFile
from thucchat.web.bank.models.proposals import Proposal, ProposalReview
from thucchat.web.bank.models.rounds import Custodian, Draw, Pledge, Round

__all__ = [
    "Blueprint",
    "Custodian",
    "Draw",
    "Item",
    "ItemReview",
    "Pledge",
    "Proposal",
    "ProposalReview",
    "Round",
    "SourceFile",
]
