"""Every promise of the tables of alterations, seen to refuse what it forbids."""

from datetime import date

import pytest
from django.db.models import Model

from tests.apps.test_payment_promises import refused_by
from tests.journeys.altering import ON, alter, begin, choose, the_manuals, to_plan
from tests.provider import NOW, Provider, provider
from vigente.alterations.models import Alteration, AlteredItem, AlteredPlan, CancelledInvoice
from vigente.billing.models import Invoice
from vigente.contracts.models import Contract, ContractItem, ContractPlan
from vigente.domain.codes import DifferencePolicy

pytestmark = pytest.mark.django_db


@pytest.fixture
def isp() -> Provider:
    return provider()


@pytest.fixture
def contract(isp: Provider) -> Contract:
    choose(isp, DifferencePolicy.PERIOD_BALANCE)
    return the_manuals(isp, 4990)


@pytest.fixture
def draft(contract: Contract) -> Alteration:
    return begin(contract)


@pytest.fixture
def done(isp: Provider, contract: Contract) -> Alteration:
    return alter(contract, to_plan(isp.plan(price_cents=8990)))


def change(alteration: Alteration, **columns) -> None:
    Alteration.objects.filter(pk=alteration.pk).update(**columns)


def test_a_contract_has_one_open_alteration(draft: Alteration) -> None:
    with refused_by("one_open_alteration"):
        Alteration.objects.create(
            contract=draft.contract, branch=draft.branch, on=ON, asked={}, created_at=NOW
        )


@pytest.mark.parametrize(
    "columns", [{"definition": "X"}, {"signature": "X"}, {"kind": "XX"}, {"policy": "X"}]
)
def test_codes_are_known(draft: Alteration, columns: dict[str, str]) -> None:
    with refused_by("alteration_codes"):
        change(draft, **columns)


def test_a_confirmed_alteration_has_its_plan(draft: Alteration) -> None:
    with refused_by("alteration_confirmed_is_whole"):
        change(draft, status="CONFIRMED")


def test_it_ends_after_its_day(draft: Alteration) -> None:
    with refused_by("alteration_ends_after_its_day"):
        change(draft, until=ON)


@pytest.mark.parametrize("status", ["DRAFT", "SCHEDULED", "DROPPED"])
def test_what_was_confirmed_is_only_undone(done: Alteration, status: str) -> None:
    with refused_by("alteration_only_legal_moves"):
        change(done, status=status)


def test_it_is_undone_for_a_reason(done: Alteration) -> None:
    with refused_by("alteration_undone_for_a_reason"):
        change(done, status="UNDONE", undone_at=NOW)


def test_what_was_confirmed_is_never_edited(done: Alteration) -> None:
    with refused_by("alteration_never_edited"):
        change(done, difference_cents=1)


def test_what_was_confirmed_is_never_deleted(done: Alteration) -> None:
    AlteredItem.objects.filter(alteration=done).delete()
    AlteredPlan.objects.filter(alteration=done).delete()
    with refused_by("alteration_never_edited"):
        done.delete()


def test_an_alteration_compensates_for_one_other_once(isp: Provider, done: Alteration) -> None:
    draft = begin(done.contract)

    with refused_by("alteration_compensates_another"):
        change(draft, compensates_id=draft.pk)
    change(draft, compensates=done)
    other = isp.activate(on=ON, sold_on=ON)

    with refused_by("compensated_once"):
        change(begin(other), compensates=done)


def test_an_item_is_altered_once_by_one_alteration(done: Alteration) -> None:
    altered = done.items.first()
    assert altered is not None
    with refused_by("altered_item_once"):
        AlteredItem.objects.create(alteration=done, item=altered.item, role="ENDED")


@pytest.mark.parametrize(
    ("model", "name"), [(AlteredItem, "altered_item_role"), (AlteredPlan, "altered_plan_role")]
)
def test_roles_are_known(done: Alteration, model: type[Model], name: str) -> None:
    with refused_by(name):
        model._default_manager.filter(alteration=done).update(role="GONE")


def test_a_plan_is_altered_once_by_one_alteration(done: Alteration) -> None:
    altered = done.plans.first()
    assert altered is not None
    with refused_by("altered_plan_once"):
        AlteredPlan.objects.create(
            alteration=done, contract_plan=altered.contract_plan, role="ENDED"
        )


def test_one_invoice_is_cancelled_by_one_alteration(done: Alteration) -> None:
    invoice = Invoice.objects.filter(contract=done.contract)[0]
    CancelledInvoice.objects.create(alteration=done, invoice=invoice)
    with refused_by("alterations_cancelledinvoice_invoice_id_key"):
        CancelledInvoice.objects.create(alteration=done, invoice=invoice)


def test_items_end_no_earlier_than_they_begin(contract: Contract) -> None:
    with refused_by("contract_item_ends_after_it_starts"):
        ContractItem.objects.filter(contract=contract).update(ends_on=date(2025, 6, 9))


def test_plans_end_no_earlier_than_they_begin(contract: Contract) -> None:
    with refused_by("contract_plan_ends_after_it_starts"):
        ContractPlan.objects.filter(contract=contract).update(ends_on=date(2025, 6, 9))
