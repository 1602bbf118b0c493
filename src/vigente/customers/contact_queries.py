"""Finds customers by how they are reached: a telephone, whole or its end, or an e-mail."""

import re

from django.db.models import QuerySet
from django.db.models.functions import Reverse

from vigente.customers.models import Contact

SHORTEST_TELEPHONE = 8
LONGEST_TELEPHONE = 11  # with the area code, without the country's


def customer_ids_reached_by(told: str) -> QuerySet[Contact, int] | None:
    """Return the ids of the customers; None when what was told is neither of both."""
    if "@" in told:
        return _ids().filter(kind=Contact.EMAIL, value=told.strip().lower())
    digits = re.sub(r"[\s().+\-]", "", told).lstrip("0")
    if not (digits.isascii() and digits.isdigit()):
        return None
    digits = digits.removeprefix("55") if len(digits) > LONGEST_TELEPHONE else digits
    if not SHORTEST_TELEPHONE <= len(digits) <= LONGEST_TELEPHONE:
        return None
    ending = Reverse("value")
    return _ids().alias(ending=ending).filter(kind=Contact.PHONE, ending__startswith=digits[::-1])


def _ids() -> QuerySet[Contact, int]:
    return Contact.objects.values_list("customer_id", flat=True)
