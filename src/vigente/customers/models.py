"""Customers, where they live and how to reach them."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Reverse, Upper

from vigente.domain.codes import CustomerKind, values
from vigente.staff.models import Branch


class Customer(models.Model):
    """A person or a company; inactivated, never deleted, once there is a contract."""

    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="customers")
    kind = models.CharField(max_length=10)
    tax_id = models.CharField(max_length=14)
    name = models.CharField(max_length=160)
    trade_name = models.CharField(max_length=160, blank=True)
    born_on = models.DateField(null=True)
    search_name = models.GeneratedField(
        expression=models.Func(
            models.F("name"),
            models.F("trade_name"),
            function="vigente_search_text",
            output_field=models.TextField(),
        ),
        output_field=models.TextField(),
        db_persist=True,
    )
    is_active = models.BooleanField(default=True)
    code = models.CharField(max_length=40, null=True)
    created_at = models.DateTimeField()
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(Upper("tax_id"), name="customer_tax_id_once"),
            models.UniqueConstraint(fields=["code"], name="customer_code_once"),
            models.CheckConstraint(
                condition=models.Q(kind=CustomerKind.PERSON.value, tax_id__regex=r"^[0-9]{11}$")
                | models.Q(
                    kind=CustomerKind.COMPANY.value, tax_id__regex=r"^[0-9A-Z]{12}[0-9]{2}$"
                ),
                name="customer_tax_id_shape",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=values(CustomerKind)), name="customer_kind"
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="customer_has_a_name"),
            # only people are born
            models.CheckConstraint(
                condition=models.Q(born_on=None) | models.Q(kind=CustomerKind.PERSON.value),
                name="customer_born_is_a_person",
            ),
        ]
        indexes = [
            # a page of the list is read from them alone, in its order
            models.Index(
                fields=["name", "id"], include=["branch", "is_active"], name="customer_in_order"
            ),
            models.Index(
                fields=["name", "id"],
                include=["branch"],
                condition=models.Q(is_active=False),
                name="customer_inactive_in_order",
            ),
            GinIndex(fields=["search_name"], opclasses=["gin_trgm_ops"], name="customer_by_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Address(models.Model):
    """One place of a customer: where to bill or where a service is installed."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="addresses")
    street = models.CharField(max_length=160)
    number = models.CharField(max_length=20, blank=True)
    complement = models.CharField(max_length=80, blank=True)
    district = models.CharField(max_length=80, blank=True)
    city = models.CharField(max_length=80)
    uf = models.CharField(max_length=2)
    postal_code = models.CharField(max_length=8, blank=True)
    is_main = models.BooleanField(default=False)

    class Meta:
        constraints = [
            # one of a customer's addresses is the main one
            models.UniqueConstraint(
                fields=["customer"], condition=models.Q(is_main=True), name="one_main_address"
            ),
            models.CheckConstraint(condition=models.Q(uf__regex=r"^[A-Z]{2}$"), name="address_uf"),
            models.CheckConstraint(
                condition=models.Q(postal_code="") | models.Q(postal_code__regex=r"^[0-9]{8}$"),
                name="address_postal_code",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.street}, {self.number}"

    def told(self) -> str:
        """Return the whole address in one line."""
        place = f"{self.city}/{self.uf}"
        parts = (str(self), self.complement, self.district, place, self.postal_code)
        return " · ".join(part for part in parts if part)


class MessageOptOut(models.Model):
    """A customer who wants no reminders; what a contract obliges to tell is told all the same."""

    customer = models.OneToOneField(Customer, on_delete=models.PROTECT, related_name="opt_out")
    note = models.CharField(max_length=200)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(note=""), name="opt_out_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.note}"


class Contact(models.Model):
    """A telephone or an e-mail of a customer."""

    PHONE = "PHONE"
    EMAIL = "EMAIL"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contacts")
    kind = models.CharField(max_length=10)
    value = models.CharField(max_length=160)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "kind", "value"], name="contact_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["PHONE", "EMAIL"]), name="contact_kind"
            ),
        ]
        indexes = [
            models.Index(fields=["value"], name="contact_by_value"),
            models.Index(
                OpClass(Reverse("value"), name="text_pattern_ops"), name="contact_by_its_end"
            ),
        ]

    def __str__(self) -> str:
        return self.value
