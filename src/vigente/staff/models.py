"""Branches, the people who work there, their holidays and sellers."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from vigente.domain.codes import values
from vigente.domain.permissions import Role


class Users(BaseUserManager["User"]):
    """What Django's sign-in needs to find a person; creating one is in `actions`."""


class Branch(models.Model):
    """A filial: the unit whose holidays, time zone and parameters rule its contracts."""

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    tax_id = models.CharField(max_length=14, blank=True)
    city = models.CharField(max_length=80)
    uf = models.CharField(max_length=2)
    time_zone = models.CharField(max_length=40, default="America/Sao_Paulo")
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("code"), name="branch_code_once"),
            models.CheckConstraint(condition=models.Q(uf__regex=r"^[A-Z]{2}$"), name="branch_uf"),
        ]

    def __str__(self) -> str:
        return self.name


class BranchHoliday(models.Model):
    """A municipal holiday; national and state ones come from the calendar of the rules."""

    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="holidays")
    day = models.DateField()
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["branch", "day"], name="branch_holiday_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.name}"


class User(AbstractBaseUser):
    """A person of the provider's staff; subscribers are never users.

    The roles say what the person may do, the branches where; an administrator does all everywhere.
    """

    email = models.EmailField(max_length=160)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    is_administrator = models.BooleanField(default=False)
    roles = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    branches = models.ManyToManyField(Branch, through="UserBranch", related_name="people")

    objects: ClassVar[Users] = Users()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.UniqueConstraint(fields=["email"], name="user_email_exact_once"),
            models.CheckConstraint(
                condition=models.Q(roles__contained_by=values(Role)), name="user_roles"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UserBranch(models.Model):
    """One branch whose contracts a person may see."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    branch = models.ForeignKey(Branch, on_delete=models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "branch"], name="user_branch_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} em {self.branch_id}"


class Seller(models.Model):
    """Who sells; a seller need not be a user."""

    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="sellers")
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("branch", Lower("name"), name="seller_once"),
        ]

    def __str__(self) -> str:
        return self.name
