"""Finds customers by what people remember: name, document, code, telephone or e-mail.

Few are found by their own index and told by their keys; many are met soon enough in the order of
the list that is read.
"""

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, QuerySet
from django.db.models.expressions import Combinable

from vigente.contracts import words
from vigente.customers import contact_queries
from vigente.customers.models import Customer

REACHED_AT_MOST = 1_000


def is_told(told: str) -> Q:
    """Match the customers that these words mean."""
    reached = contact_queries.customer_ids_reached_by(told)
    if reached is not None:
        of_document = Customer.objects.filter(words.has_tax_id(told)).values_list("pk", flat=True)
        of_code = Customer.objects.filter(code=told).values_list("pk", flat=True)
        return Q(pk__in=[*reached[:REACHED_AT_MOST], *of_document, *of_code])
    if words.has_number(told):
        ways = (Q(code=told), words.has_tax_id(told), words.has_name(told))
        first, *others = (Customer.objects.filter(way).values("pk") for way in ways)
        return Q(pk__in=first.union(*others))
    return words.has_name(told)


def narrowed(found: QuerySet[Customer], told: str) -> QuerySet[Customer]:
    """Return those of the found customers that these words mean."""
    where = is_told(told)
    few = _few(where)
    return found.filter(where if few is None else words.is_one_of("pk", few))


def few_named(told: str) -> list[int] | None:
    """Return the ids of the customers of this document or name; None where they are many."""
    if words.has_number(told):
        of_document = Customer.objects.filter(words.has_tax_id(told)).values_list("pk", flat=True)
        if of_document:
            return list(of_document)
    return _few(words.has_name(told))


def is_named(told: str, *, of: str) -> Combinable:
    """Match the rows whose column `of` is a customer of this document or name."""
    few = few_named(told)
    return words.is_named(told, of=of) if few is None else words.is_one_of(of, few)


def _few(where: Q) -> list[int] | None:
    some = Customer.objects.filter(where).values("pk")[: words.FEW + 1]
    ids = some.aggregate(ids=ArrayAgg("pk"))["ids"] or []
    return ids if len(ids) <= words.FEW else None
