"""What the words of a search mean: a number of a contract or of its customer, or a name."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import (
    BooleanField,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Upper
from django.db.models.lookups import Exact

from vigente.contracts.models import Contract
from vigente.customers.models import Customer

FEW = 5_000  # customers, whose contracts are read at once
FOUND_ANYWHERE = 3  # letters that a word needs for the index to find it within others


def has_number(words: str) -> bool:
    """Tell whether a number may be meant; no name of a person has one."""
    number = _number(words)
    return number.isascii() and any(c.isdigit() for c in number)


def is_numbered(words: str) -> Q:
    """Match the contracts of this number, own or of the customer, or of a name with it."""
    number = _number(words)
    own = Q(pk=int(number)) if number.isdigit() and len(number) < 18 else Q(pk__in=[])
    owners = (Customer.objects.filter(told) for told in (has_tax_id(words), has_name(words)))
    # a union, for joined by OR they would be looked for in every row
    ways = (own, Q(code=words.strip()), *(Q(customer__in=owner) for owner in owners))
    first, *others = (Contract.objects.filter(way).values("pk") for way in ways)
    return Q(pk__in=first.union(*others))


def is_of_few(words: str, conditions: Iterable[Combinable] = ()) -> Combinable | None:
    """Match the contracts of customers of this name who meet the conditions, if they are few."""
    named = Customer.objects.filter(has_name(words), *conditions).values("pk")[: FEW + 1]
    ids = named.aggregate(ids=ArrayAgg("pk"))["ids"] or []
    return is_one_of("customer_id", ids) if len(ids) <= FEW else None


def has_tax_id(words: str) -> Combinable:
    """Match the customer of this CPF or CNPJ, by the index that keeps it once."""
    return Exact(Upper("tax_id"), _number(words))


def has_name(words: str) -> Q:
    """Match every word, whatever its accents; one of a letter or two begins a word of the name."""
    where = Q()
    for word in map(plain, words.split()):
        if len(word) >= FOUND_ANYWHERE:
            where &= Q(search_name__contains=word)
        else:
            where &= Q(search_name__startswith=word) | Q(search_name__contains=f" {word}")
    return where


def is_named(words: str, *, of: str = "customer_id") -> Combinable:
    """Match by reading the customer of each row: a subquery that no plan makes a join of."""
    named = ExpressionWrapper(has_name(words), output_field=BooleanField())
    owner = Customer.objects.filter(pk=OuterRef(of)).values(named=named)
    return Subquery(owner, output_field=BooleanField())


def is_one_of(column: str, ids: Sequence[int]) -> Combinable:
    """Match a column against any number of ids, given as one argument."""
    # of the column's own type, PostgreSQL looks them up by a hash; of another, one after the other
    sql = {"template": "%(expressions)s::bigint[])", "arg_joiner": " = ANY("}
    return Func(F(column), Value(list(ids)), output_field=BooleanField(), **sql)


def _number(words: str) -> str:
    """Return a CPF, a CNPJ or a contract's number without its punctuation."""
    return re.sub(r"\W", "", words).upper()


def plain(word: str) -> str:
    """Return words in small letters without accents, as names are kept to be found."""
    return "".join(
        c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c)
    )
