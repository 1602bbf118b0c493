"""A person's own account: what happens to it is in the trail, under the person."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.outbox import actions as outbox
from vigente.outbox import jobs
from vigente.outbox.actions import NewEffect
from vigente.staff import actions as staff
from vigente.staff import second_step, sessions
from vigente.staff.models import User
from vigente.staff.sessions import Place

NOBODY = Actor(None, "Sem sessão")
PASSWORD_LINK = "PASSWORD_LINK"  # noqa: S105  a kind of effect
UNKNOWN = 0  # where no account is known, the trail's entry is of none


class SecondStepStays(ValueError):
    """A verificação em duas etapas desta pessoa não pode ser desligada."""


@transaction.atomic
def record(
    action: str,
    user: User | None,
    *,
    by: Actor,
    at: datetime,
    personal: Mapping[str, str],
    detail: Mapping[str, object] | None = None,
) -> None:
    """Record what happened to an account; `personal` is kept where it may be redacted."""
    audit.record(
        action,
        object_kind="account",
        object_id=UNKNOWN if user is None else user.pk,
        by=by,
        at=at,
        values={name: (None, told) for name, told in personal.items()},
        detail=detail,
    )


@transaction.atomic
def set_password(
    user: User, password: str, *, by: Actor, at: datetime, ip: str, here: str | None
) -> None:
    """Give an account a new password; all its sessions end but the one that is open here."""
    staff.write_password(user, password)
    record("password changed", user, by=by, at=at, personal={"ip": ip})
    end_sessions(user, by=by, at=at, but=here)


@transaction.atomic
def end_sessions(user: User, *, by: Actor, at: datetime, but: str | None = None) -> None:
    """End a person's sessions, all but the one of this key."""
    others = sessions.of(user, now=at).exclude(session_key=but or "")
    _record_ended(user, sessions.end(others), by=by, at=at)


@transaction.atomic
def end_session(user: User, session_id: int, *, by: Actor, at: datetime) -> None:
    """End one session of a person."""
    _record_ended(user, sessions.end(sessions.of(user, now=at).filter(pk=session_id)), by=by, at=at)


def _record_ended(user: User, places: Iterable[Place], *, by: Actor, at: datetime) -> None:
    for place in places:
        where = {"ip": place.ip, "device": place.device}
        record("session ended", user, by=by, at=at, personal=where)


def refuse_second_step_off(user: User) -> None:
    """Refuse to switch off what is not on.

    :raises SecondStepStays: saying so.
    """
    if not second_step.is_on(user):
        raise SecondStepStays("Esta pessoa não tem a verificação em duas etapas ligada.")


@transaction.atomic
def switch_second_step_off(user: User, *, reason: str, by: Actor, at: datetime) -> None:
    """Let a password be enough for somebody else, who lost the phone; the sessions end too.

    :raises SecondStepStays: for one's own, which takes a password or a code, and if it is off.
    """
    if user.pk == by.user_id:
        raise SecondStepStays("A sua é desligada em «Minha conta», com a senha ou um código.")
    refuse_second_step_off(user)
    second_step.forget(user)
    detail = {"reason": reason}
    record("second step switched off", user, by=by, at=at, personal={}, detail=detail)
    end_sessions(user, by=by, at=at)


def ask_for_password_link(email: str, *, site: str, at: datetime) -> None:
    """Queue the wish for a message with which a person sets a new password.

    A job is queued for an e-mail that nobody has, too: not even the time of the answer tells.
    """
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    known = UNKNOWN if user is None else user.pk
    jobs.queue(jobs.PASSWORD_LINK, user_id=known, site=site, asked_at=at.isoformat())


@transaction.atomic
def want_password_link(user_id: int, *, site: str, at: datetime) -> None:
    """Want the message, if there is somebody to send it to; asking twice at once wants it once.

    The link itself is made when the message is sent: neither a queue nor the outbox keeps it.
    """
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return
    effect = NewEffect(
        key=f"password link {user.pk} {at.isoformat()}",
        kind=PASSWORD_LINK,
        payload={"to": user.email, "site": site},
        object_kind="account",
        object_id=user.pk,
    )
    outbox.enqueue([effect], now=at)
    record("password link asked for", user, by=NOBODY, at=at, personal={"email": user.email})
