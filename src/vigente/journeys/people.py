"""People of the staff: their roles and branches, and who may give what to whom."""

from dataclasses import dataclass, field
from datetime import datetime

from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.domain.permissions import Permission, Role, permissions
from vigente.journeys import account
from vigente.journeys.registers import SECRET, Register
from vigente.staff import actions as staff
from vigente.staff.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What is kept of a person; a password is only ever written, and empty keeps the old one."""

    name: str
    email: str
    roles: tuple[str, ...] = ()
    branches: tuple[int, ...] = ()
    is_administrator: bool = False
    is_active: bool = True
    password: str = field(default="", metadata=SECRET, repr=False)


class PersonRefused(ValueError):
    """O cadastro desta pessoa não pode ficar assim."""

    def __init__(self, field_name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field_name


def person_facts(user: User) -> PersonFacts:
    """Return what is kept of a person."""
    return PersonFacts(
        name=user.name,
        email=user.email,
        roles=tuple(sorted(user.roles)),
        branches=tuple(user.branches.order_by("pk").values_list("pk", flat=True)),
        is_administrator=user.is_administrator,
        is_active=user.is_active,
    )


def write_person(user: User | None, facts: PersonFacts) -> User:
    """Write a person; a new password ends the sessions that the old one opened.

    :raises PersonRefused: for a new person without a password.
    :raises IntegrityError: `user_last_administrator`, where no active one would be left.
    """
    user = user or User()
    if not user.pk and not facts.password:
        raise PersonRefused("password", "Informe a primeira senha.")
    user.name = facts.name
    user.email = facts.email.strip().lower()
    user.roles = sorted(facts.roles)
    user.is_administrator = facts.is_administrator
    user.is_active = facts.is_active
    if facts.password:
        user.set_password(facts.password)
    user.save()
    staff.write_branches_of(user, facts.branches)
    return user


def follow_person(
    user: User, facts: PersonFacts, before: PersonFacts | None, by: Actor, now: datetime
) -> None:
    """Refuse what the person who asks may not give; record a new password, and end the sessions.

    Sessions end with the password that opened them, and with the account, for good.

    :raises PersonRefused: where somebody inactivates the own account, or gives more than they may.
    """
    if user.pk == by.user_id and not facts.is_active:
        raise PersonRefused(
            "is_active", "Você não pode inativar a própria conta: peça a outro administrador."
        )
    asking = User.objects.filter(pk=by.user_id or 0).first()
    if asking is not None:
        # who changes the own row asks as what they were before
        own = before if before is not None and asking.pk == user.pk else person_facts(asking)
        if not own.is_administrator:
            refuse_beyond(permissions(map(Role, own.roles)), facts, before=before)
    if facts.password:
        audit.record("user password set", object_kind="user", object_id=user.pk, by=by, at=now)
    if facts.password or not facts.is_active:
        account.end_sessions(user, by=by, at=now)


def refuse_beyond(
    own: frozenset[Permission], facts: PersonFacts, *, before: PersonFacts | None
) -> None:
    """Refuse what only an administrator may give, asked by somebody who may do `own`.

    :raises PersonRefused: where an administrator would be made, changed or unmade, or a role
        given that may do more.
    """
    if facts.is_administrator or (before is not None and before.is_administrator):
        raise PersonRefused(
            "is_administrator", "Só um administrador altera o cadastro de administradores."
        )
    given = set(facts.roles) - set(before.roles if before is not None else ())
    if permissions(map(Role, given)) - own:
        raise PersonRefused(
            "roles",
            "Uma função escolhida permite mais do que a sua: peça a um administrador que a dê.",
        )


PEOPLE = Register(
    kind="user",
    model=User,
    facts=person_facts,
    write=write_person,
    branch_id=lambda _user: None,
    follow=follow_person,
)
