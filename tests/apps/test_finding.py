"""The list finds what a plain filter would, whichever way it takes to find it."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

import pytest

from tests.apps.money import DUE_ON, cancel, owe, pay
from tests.provider import Provider, provider
from vigente.billing import queries as billing
from vigente.contracts import finding, words
from vigente.contracts.finding import Count, Cursor, Search
from vigente.contracts.models import Contract, ContractPlan
from vigente.staff.models import Branch

pytestmark = pytest.mark.django_db

NAMES = ("Maria da Silva", "João Maria Souza", "Zoé Ângelo", "Antônia Silva Brandão", "Auto 24 ME")
TODAY = DUE_ON + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Known:
    """What a plain filter needs to know of a contract."""

    pk: int
    name: str
    branch: int
    status: str
    due_day: int | None
    plan: int
    is_late: bool


@pytest.fixture
def isp() -> Provider:
    return provider()


@pytest.fixture
def known(isp: Provider) -> list[Known]:
    """Make contracts of every kind, a second one of some customers, some of them late."""
    chance = random.Random(20250713)
    branches = [isp.branch.pk] + [
        Branch.objects.create(code=code, name=code, city="Longe", uf="SP").pk for code in "XY"
    ]
    plans = [isp.plan(), isp.plan()]
    customers = [isp.customer(name) for name in NAMES * 4]
    made = []
    for customer in customers + customers[::3]:
        plan, branch = chance.choice(plans), chance.choice(branches)
        sell = chance.choice([isp.sell, isp.activate, isp.activate])
        contract = sell(plan, customer=customer, due_day=chance.choice([5, 10]))
        Contract.objects.filter(pk=contract.pk).update(branch=branch)
        contract.branch_id = branch
        is_late = chance.random() < 0.4
        if is_late:
            owe(contract)
        made.append(
            Known(
                contract.pk,
                words.plain(customer.name),
                branch,
                contract.status,
                contract.due_day,
                plan.pk,
                is_late,
            )
        )
    return made


@pytest.fixture(params=["at once", "going on", "few"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take each way to a page: by one look, by going on from it, by a name of few."""
    monkeypatch.setattr(finding, "PAGE", 3)
    monkeypatch.setattr(finding, "COUNTED_AT_MOST", 7)
    if request.param != "at once":
        monkeypatch.setattr(finding, "LOOKED_INTO_AT_ONCE", 4)
        monkeypatch.setattr(words, "FEW", 0 if request.param == "going on" else 1_000)
    if request.param == "few":
        monkeypatch.setattr(finding, "ENOUGH", 1_000)


def searches(known: list[Known]) -> list[Search]:
    """Draw some of all the searches that there can be."""
    first, second, _ = branches = sorted({contract.branch for contract in known})
    every = product(
        (None, (first,), (first, second), tuple(branches)),
        (None, first),
        ("", "silva", "MARIA  silvá", "jo", "zo", "24", "ninguém"),
        ((), ("ACTIVE",), ("PRE", "ACTIVE")),
        (None, known[0].plan),
        (None, 10),
        (None, billing.overdue(today=TODAY)),
    )
    return [
        Search(
            branch_ids=seen,
            branch_id=branch,
            words=told,
            statuses=statuses,
            sale_plan_id=plan,
            due_day=day,
            condition=late,
        )
        for seen, branch, told, statuses, plan, day, late in random.Random(7).sample([*every], 60)
    ]


def plainly(search: Search, known: list[Known]) -> list[int]:
    """Filter the contracts one by one, the newest first."""
    return sorted(
        (
            c.pk
            for c in known
            if (search.branch_ids is None or c.branch in search.branch_ids)
            and search.branch_id in (None, c.branch)
            and (_is_named(c.name, search.words) or str(c.pk) == search.words)
            and (not search.statuses or c.status in search.statuses)
            and search.sale_plan_id in (None, c.plan)
            and search.due_day in (None, c.due_day)
            and (search.condition is None or c.is_late)
        ),
        reverse=True,
    )


def _is_named(name: str, told: str) -> bool:
    return all(
        word in name if len(word) >= 3 else any(part.startswith(word) for part in name.split())
        for word in words.plain(told).split()
    )


def turn(search: Search, *, back_from: int | None = None) -> list[int]:
    """Turn the pages from the newest on, or back from a contract; return all that they show."""
    seen: list[int] = []
    cursor = Cursor() if back_from is None else Cursor(above=back_from, goes_down=False)
    while True:
        shown = finding.page(search, cursor)
        ids = [contract.pk for contract in shown.contracts]
        seen = [*seen, *ids] if cursor.goes_down else [*ids, *seen]
        if not ids or not (shown.has_older if cursor.goes_down else shown.has_newer):
            return seen
        if cursor.goes_down:
            cursor = Cursor(below=ids[-1])
        else:
            cursor = Cursor(above=ids[0], goes_down=False)


def test_turning_the_pages_shows_what_a_plain_filter_finds(known: list[Known], way: None) -> None:
    for search in searches(known):
        expected = plainly(search, known)
        total = finding.page(search, Cursor()).total

        assert turn(search) == expected, search
        if expected:
            assert turn(search, back_from=expected[-1]) == expected[:-1], search
        assert total.number == len(expected) if total.is_all else total.number <= len(expected)


def found(told: str, **more) -> list[int]:
    shown = finding.page(Search(branch_ids=None, words=told, **more), Cursor())
    return [contract.pk for contract in shown.contracts]


def test_a_contract_is_found_by_its_numbers_and_its_customers(isp: Provider) -> None:
    customer = isp.customer("Cida Rocha")
    contract = isp.sell(customer=customer)
    Contract.objects.filter(pk=contract.pk).update(code="AB-12/3")
    number = customer.tax_id
    other = isp.sell(customer=isp.customer(f"Posto {contract.pk} Ltda"))

    assert found(f"{number[:3]}.{number[3:6]}.{number[6:9]}-{number[9:]}") == [contract.pk]
    assert found(f" {number} ") == [contract.pk]
    assert found("AB-12/3") == [contract.pk]
    assert found(str(contract.pk)) == [other.pk, contract.pk]


def test_a_company_is_found_by_the_letters_of_its_number(isp: Provider) -> None:
    customer = isp.customer("Padaria Trigo Dourado")
    type(customer).objects.filter(pk=customer.pk).update(kind="COMPANY", tax_id="00VG0001000123")
    contract = isp.sell(customer=customer)

    assert found("00.vg0.001/0001-23") == [contract.pk]


def test_a_word_of_two_letters_begins_a_name(isp: Provider) -> None:
    joana = isp.sell(customer=isp.customer("Ana Joana"))
    isp.sell(customer=isp.customer("Anjo Bento"))

    assert found("jo") == [joana.pk]


def test_only_a_standing_open_invoice_past_due_is_late(isp: Provider) -> None:
    customer = isp.customer()
    late, not_late = isp.activate(customer=customer), isp.activate(customer=customer)
    owe(late)
    owe(not_late, due_on=TODAY)
    pay(owe(not_late), 9000)
    cancel(owe(not_late))

    assert found("", condition=billing.overdue(today=TODAY)) == [late.pk]


def test_a_plan_is_the_one_in_force(isp: Provider) -> None:
    before, after = isp.plan(), isp.plan()
    contract = isp.activate(before)
    changed_on = date(2026, 2, 1)
    ContractPlan.objects.filter(contract=contract).update(ends_on=changed_on)
    ContractPlan.objects.create(contract=contract, sale_plan=after, starts_on=changed_on)

    assert found("", sale_plan_id=after.pk) == [contract.pk]
    assert found("", sale_plan_id=before.pk) == []


def test_a_long_list_is_counted_up_to_a_cap(isp: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "COUNTED_AT_MOST", 2)
    for _ in range(3):
        isp.sell()

    page = finding.page(Search(branch_ids=None), Cursor())

    assert page.total == Count(2, is_all=False)


@pytest.mark.parametrize("seen", [(), (1, 2, 3), None])
def test_what_cannot_be_is_not_found(isp: Provider, seen: tuple[int, ...] | None) -> None:
    isp.activate()
    impossible = {"due_day": 2**50, "sale_plan_id": 2**50, "branch_id": 2**50}

    for name, value in impossible.items():
        for more in ({}, {"words": "marina"}, {"condition": billing.overdue(today=TODAY)}):
            search = Search(branch_ids=seen, **{name: value}, **more)

            assert finding.page(search, Cursor()).contracts == []


def test_who_has_no_branch_sees_no_contract(isp: Provider) -> None:
    isp.activate()

    assert finding.page(Search(branch_ids=()), Cursor()).contracts == []
