"""The second step of signing in, as django-allauth keeps it: found and forgotten, not made."""

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from vigente.staff.models import User


def of(user: User) -> QuerySet[Authenticator]:
    """Return what a person has to show besides the password: the app and the recovery codes."""
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user=user)
    return found


def is_on(user: User) -> bool:
    """Tell whether the password is not enough."""
    return of(user).filter(type=Authenticator.Type.TOTP).exists()


def forget(user: User) -> None:
    """Let the password be enough."""
    of(user).delete()
