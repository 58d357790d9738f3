"""Tables of ratings."""

from thucchat.web.ratings.models.ratings import Objection, Rating, Run
from thucchat.web.ratings.models.rules import RuleBook

__all__ = ["Objection", "Rating", "RuleBook", "Run"]
