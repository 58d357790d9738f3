"""Taking a role: finds what its holder may see, and lowers the database's lock to it."""

from datetime import date

from thucchat.web.org.acting import Acting
from thucchat.web.org.models import Grant, User
from thucchat.web.org.queries.grants import grants_on
from thucchat.web.people.queries.teaching import scope_of
from thucchat.web.shared.clock import today
from thucchat.web.shared.history import set_actor
from thucchat.web.shared.scope import Scope, enter_scope


def enter(user: User, wanted: int | None) -> Acting | None:
    """Let `user` act in the wanted role, or in the first that counts today, until the transaction ends."""
    day = today()
    set_actor(user.pk)
    grants = grants_on(user, day)
    if not grants:
        return None
    grant = next((grant for grant in grants if grant.pk == wanted), grants[0])
    others = tuple(other for other in grants if other != grant)
    return Acting(user, grant, others, _narrow(grant, day), day)


def _narrow(grant: Grant, day: date) -> Scope:
    """Enter the scope of the school, find a teacher's classes in it, then enter the narrower one."""
    enter_scope(Scope(grant.unit.school_path))
    scope = scope_of(grant, day)
    if scope.classes:
        enter_scope(scope)
    return scope
