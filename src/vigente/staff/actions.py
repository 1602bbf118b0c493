"""The only writes to people and their branches."""

from collections.abc import Iterable

from vigente.domain.permissions import Role
from vigente.staff.models import Branch, User, UserBranch


def create_user(
    *,
    email: str,
    name: str,
    password: str,
    branches: Iterable[Branch],
    roles: Iterable[Role] = (),
    administrator: bool = False,
) -> User:
    """Write a person who may sign in and sees the given branches."""
    user = User(
        email=email.strip().lower(),
        name=name,
        is_administrator=administrator,
        roles=sorted({role.value for role in roles}),
    )
    user.set_password(password)
    user.save()
    UserBranch.objects.bulk_create([UserBranch(user=user, branch=branch) for branch in branches])
    return user
