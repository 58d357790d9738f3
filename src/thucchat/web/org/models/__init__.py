"""Tables of the unit tree and of accounts."""

from thucchat.web.org.models.accounts import OFFICERS, Grant, Role, User
from thucchat.web.org.models.clusters import Cluster, ClusterMember
from thucchat.web.org.models.units import Succession, Unit, UnitSpell
from thucchat.web.org.models.years import SchoolYear

__all__ = [
    "OFFICERS",
    "Cluster",
    "ClusterMember",
    "Grant",
    "Role",
    "SchoolYear",
    "Succession",
    "Unit",
    "UnitSpell",
    "User",
]
