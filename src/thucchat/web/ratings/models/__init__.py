"""Tables of ratings."""

from thucchat.web.ratings.models.ratings import Objection, Rating, Run
from thucchat.web.ratings.models.rules import RuleBook
from thucchat.web.ratings.models.truth import Recovered

__all__ = ["Objection", "Rating", "Recovered", "RuleBook", "Run"]
