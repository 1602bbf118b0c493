"""Where people are signed in, as django-allauth keeps it; a session is ended here alone."""

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from vigente.staff import devices
from vigente.staff.models import User


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody was signed in."""

    ip: str
    device: str


def of(user: User, *, now: datetime) -> QuerySet[UserSession]:
    """Return the sessions of a person that are still open, the last used first."""
    still_open = Session.objects.filter(expire_date__gt=now).values("session_key")
    found: QuerySet[UserSession] = UserSession.objects.filter(user=user, session_key__in=still_open)
    return found.order_by("-last_seen_at", "-pk")


def end(found: QuerySet[UserSession]) -> tuple[Place, ...]:
    """End sessions; return where they were."""
    ended = list(found)
    Session.objects.filter(session_key__in=[one.session_key for one in ended]).delete()
    UserSession.objects.filter(pk__in=[one.pk for one in ended]).delete()
    return tuple(Place(one.ip, devices.name(one.user_agent)) for one in ended)
