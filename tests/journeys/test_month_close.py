"""The month close: every service period of each contract becomes exactly one invoice."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.apps import money
from tests.journeys.scenario import close, close_february, close_march, told
from tests.provider import ATTENDANT, NOW, Provider
from vigente.audit import queries as audit
from vigente.billing import facts, runs
from vigente.billing.facts import Choice
from vigente.billing.models import CloseHold, Invoice, InvoiceLine, ItemCharge, Receivable
from vigente.contracts import actions as contracts
from vigente.contracts.models import Contract, ContractItem
from vigente.domain import close_figures, explanation
from vigente.domain.close_plan import CloseTerms
from vigente.domain.codes import Charge, CloseStatus, HoldReason, ItemKind
from vigente.domain.parameters import (
    GROUP_INVOICES,
    LAST_DUE_ON,
    MAX_OVERDUE_RECEIVABLES,
    SIGNATURE_BEFORE_BILLING,
    Scope,
)
from vigente.domain.sale import ItemDraft
from vigente.domain.schedule import FirstInvoice, PeriodBase, Timing
from vigente.journeys import daily, items, month_close
from vigente.parameters import actions as parameters

pytestmark = pytest.mark.django_db


def reasons() -> list[str]:
    return list(CloseHold.objects.values_list("reason", flat=True))


def test_the_first_invoice_prorates_the_days_before_the_first_due_date(isp: Provider) -> None:
    contract = isp.activate(on=date(2026, 1, 20))

    close_february()

    # 90,00 ÷ 31 × 21 dias; 10/02/2026 is a Tuesday
    assert told(contract) == [("20/01–09/02", "10/02/2026", 6097)]
    line = InvoiceLine.objects.get(invoice__contract=contract)
    assert line.explanation == "R$ 90,00 ÷ 31 × 21 dias = R$ 60,97"
    assert Receivable.objects.get().amount_cents == 6097


def test_months_follow_each_other_without_a_day_lost_or_billed_twice(isp: Provider) -> None:
    contract = isp.activate(on=date(2026, 1, 20))

    close_february()
    close_march()

    assert told(contract) == [
        ("20/01–09/02", "10/02/2026", 6097),
        ("10/02–09/03", "10/03/2026", 9000),
    ]


@pytest.mark.parametrize(
    ("timing", "base", "first_invoice", "expected"),
    [
        (Timing.POSTPAID, PeriodBase.DUE_DATE, FirstInvoice.SECOND, ("20/01–19/02", 9000)),
        (Timing.POSTPAID, PeriodBase.DUE_DATE, FirstInvoice.NEVER, ("20/01–09/02", 9000)),
        (Timing.PREPAID, PeriodBase.DUE_DATE, FirstInvoice.FIRST, ("20/01–09/02", 6097)),
        (Timing.PREPAID, PeriodBase.ANNIVERSARY, FirstInvoice.FIRST, ("20/01–19/02", 9000)),
        # 90,00 ÷ 31 × 12 dias
        (Timing.PREPAID, PeriodBase.CALENDAR, FirstInvoice.FIRST, ("20/01–31/01", 3484)),
    ],
)
def test_each_base_and_timing_cuts_its_own_first_period(
    isp: Provider,
    timing: Timing,
    base: PeriodBase,
    first_invoice: FirstInvoice,
    expected: tuple[str, int],
) -> None:
    kind = isp.billing_type(timing=timing, base=base, first_invoice=first_invoice)
    contract = isp.activate(isp.plan(billing_type=kind), on=date(2026, 1, 20))

    close(issued_on=date(2026, 1, 20), due_until=date(2026, 2, 28))

    period, _, cents = told(contract)[0]
    assert (period, cents) == expected


def test_a_first_due_date_in_the_past_moves_but_the_period_does_not(isp: Provider) -> None:
    kind = isp.billing_type(timing=Timing.PREPAID)
    contract = isp.activate(isp.plan(billing_type=kind), on=date(2026, 1, 20))

    close(issued_on=date(2026, 1, 20), due_until=date(2026, 1, 31))

    # nominal 10/01; five days after 20/01 is Sunday 25/01, so Monday
    assert told(contract) == [("20/01–09/02", "26/01/2026", 6097)]


def test_a_second_run_writes_nothing(isp: Provider) -> None:
    contract = isp.activate()
    close_february()

    again = close_february()

    assert len(told(contract)) == 1
    assert runs.written(again).invoices == 0


def test_a_simulation_shows_what_a_run_writes_and_writes_nothing(isp: Provider) -> None:
    isp.activate()
    isp.activate(due_day=15)
    terms = CloseTerms(issued_on=date(2026, 1, 31), due_until=date(2026, 2, 28))

    shown = close_figures.total(f for f, _ in month_close.simulate(terms=terms, choice=Choice()))

    assert (shown.invoices, Invoice.objects.count()) == (2, 0)
    assert runs.written(close_february()) == shown


def test_a_run_is_simulated_carried_out_paused_and_taken_up_again(isp: Provider) -> None:
    isp.activate()
    isp.activate()
    run = month_close.begin(
        terms=CloseTerms(issued_on=date(2026, 1, 31), due_until=date(2026, 2, 28)),
        choice=Choice(),
        reference_month=date(2026, 2, 1),
        by=ATTENDANT,
        at=NOW,
        size=1,
    )
    assert not month_close.finish_simulation(run)
    while month_close.simulate_chunk(run):
        pass
    assert month_close.finish_simulation(run)
    assert Invoice.objects.count() == 0

    month_close.execute(run, by=ATTENDANT, at=NOW)
    assert month_close.write_chunk(run, at=NOW)
    month_close.pause(run, by=ATTENDANT, at=NOW + timedelta(minutes=2))
    assert (run.worked_for, run.resumed_at) == (timedelta(minutes=2), None)
    assert month_close.write_chunk(run, at=NOW) is None
    assert not month_close.finish(run, at=NOW)
    month_close.execute(run, by=ATTENDANT, at=NOW + timedelta(hours=9))
    assert month_close.write_chunk(run, at=NOW)
    assert month_close.finish(run, at=NOW)

    run.refresh_from_db()
    assert run.status == CloseStatus.DONE.value
    assert runs.written(run) == runs.simulated(run)
    with pytest.raises(month_close.CloseRefused):
        month_close.execute(run, by=ATTENDANT, at=NOW)
    with pytest.raises(month_close.CloseRefused):
        month_close.discard(run, by=ATTENDANT, at=NOW)
    done = audit.trail(object_kind="close", object_id=run.pk)
    assert [entry.action for entry in done] == [
        "close executed",
        "close paused",
        "close executed",
        "close begun",
    ]
    assert {entry.by_name for entry in done} == {ATTENDANT.name}


@pytest.mark.parametrize(
    "by", ["branch_id", "wallet_id", "billing_type_id", "customer_id", "contract_id"]
)
def test_a_run_takes_only_what_was_chosen(isp: Provider, by: str) -> None:
    chosen, other = isp.activate(), isp.activate()
    value = chosen.pk if by == "contract_id" else getattr(chosen, by)

    close(issued_on=date(2026, 1, 31), due_until=date(2026, 2, 28), choice=Choice(**{by: value}))

    assert len(told(chosen)) == 1
    shared = by in ("branch_id", "wallet_id")
    assert len(told(other)) == shared


def test_invoices_of_one_customer_and_due_date_make_one_receivable(isp: Provider) -> None:
    customer = isp.customer()
    isp.activate(isp.plan(price_cents=9000), customer=customer)
    isp.activate(isp.plan(price_cents=3000), customer=customer)

    close_february()

    # 60,97 + 30,00 ÷ 31 × 21 (20,32)
    assert [r.amount_cents for r in Receivable.objects.all()] == [8129]


def test_a_contract_that_is_not_grouped_has_its_own_receivable(isp: Provider) -> None:
    customer = isp.customer()
    alone = isp.activate(customer=customer)
    isp.activate(customer=customer)
    parameters.set_value(
        GROUP_INVOICES, False, scope=Scope.CONTRACT, scope_id=alone.pk, by=ATTENDANT, now=NOW
    )

    close_february()

    assert Receivable.objects.count() == 2


def test_what_lies_above_the_ceiling_waits_and_comes_back(isp: Provider) -> None:
    contract = isp.activate(on=date(2026, 11, 20))
    close(issued_on=date(2026, 12, 1), due_until=date(2027, 1, 31))

    assert told(contract) == [("20/11–09/12", "10/12/2026", 6000)]  # 90,00 ÷ 30 × 20
    assert reasons() == [HoldReason.CEILING]

    parameters.set_value(
        LAST_DUE_ON, None, scope=Scope.BRANCH, scope_id=isp.branch.pk, by=ATTENDANT, now=NOW
    )
    close(issued_on=date(2026, 12, 2), due_until=date(2027, 1, 31))
    assert told(contract)[1:] == [("10/12–09/01", "11/01/2027", 9000)]


def test_more_than_one_back_period_waits_for_approval(isp: Provider) -> None:
    contract = isp.activate(on=date(2026, 1, 20))

    late = {"issued_on": date(2026, 4, 15), "due_until": date(2026, 4, 30)}
    close(**late)
    assert (told(contract), reasons()) == ([], [HoldReason.BACK_PERIODS])

    close(**late, approved=True)
    assert [period for period, _, _ in told(contract)] == [
        "20/01–09/02",
        "10/02–09/03",
        "10/03–09/04",
    ]


def test_contracts_wait_for_their_first_signature_where_the_branch_asks(isp: Provider) -> None:
    contract = isp.activate()
    parameters.set_value(
        SIGNATURE_BEFORE_BILLING,
        True,
        scope=Scope.BRANCH,
        scope_id=isp.branch.pk,
        by=ATTENDANT,
        now=NOW,
    )
    close_february()
    assert reasons() == [HoldReason.SIGNATURE]

    contracts.sign(contract, on=date(2026, 2, 1))
    close_february()
    assert len(told(contract)) == 1


def test_too_many_overdue_receivables_hold_the_next_invoice(isp: Provider) -> None:
    contract = isp.activate()
    parameters.set_value(
        MAX_OVERDUE_RECEIVABLES, 1, scope=Scope.SYSTEM, scope_id=0, by=ATTENDANT, now=NOW
    )
    close_february()

    close_march()

    assert len(told(contract)) == 1
    assert reasons() == [HoldReason.OPEN_RECEIVABLES]


@pytest.mark.parametrize("missing", ["address_id", "due_day", "items"])
def test_a_contract_that_lacks_data_waits_and_says_what(isp: Provider, missing: str) -> None:
    contract = isp.activate()
    if missing == "items":
        ContractItem.objects.update(ends_on=date(2026, 1, 10))
    else:
        Contract.objects.update(**{missing: None})

    close_february()

    hold = CloseHold.objects.get(contract=contract)
    words = {"address_id": "endereço", "due_day": "dia de vencimento", "items": "nenhum item"}
    assert words[missing] in hold.detail or hold.reason == HoldReason.FAILED
    assert told(contract) == []


def test_a_contract_that_fails_stands_alone_in_the_report(isp: Provider) -> None:
    good = [isp.activate() for _ in range(5)]
    bad = isp.activate()
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE billing_invoice ADD CONSTRAINT never_this_one CHECK"
            f" (contract_id <> {bad.pk})"
        )

    close_february()

    assert [len(told(contract)) for contract in good] == [1] * 5
    [hold] = CloseHold.objects.all()
    assert (hold.contract_id, hold.reason) == (bad.pk, HoldReason.FAILED)


def test_n_times_items_are_counted_and_given_back_with_a_cancelled_invoice(
    isp: Provider,
) -> None:
    contract = isp.activate()
    draft = ItemDraft(
        kind=ItemKind.ADDITIONAL,
        product_id=isp.fee.pk,
        description="Roteador",
        starts_on=date(2026, 1, 20),
        price_cents=2000,
        charge=Charge.TIMES,
        times=2,
    )
    items.add(contract.pk, draft, by=ATTENDANT, now=NOW, today=date(2026, 1, 21))
    for month in (2, 3, 4):
        close(issued_on=date(2026, month, 1), due_until=date(2026, month, 28))

    # 60,97 + 20,00; 90,00 + 20,00; 90,00
    assert [cents for _, _, cents in told(contract)] == [8097, 11000, 9000]
    assert ItemCharge.objects.count() == 2


def test_every_written_sum_comes_to_its_amount(isp: Provider) -> None:
    for day in range(1, 29):
        isp.activate(isp.plan(price_cents=4990 + 7 * day), on=date(2026, 1, day), due_day=day)

    close(issued_on=date(2026, 1, 31), due_until=date(2026, 3, 31))

    lines = list(InvoiceLine.objects.all())
    assert len(lines) > 40
    for line in lines:
        assert explanation.evaluate(line.explanation) == line.amount_cents


def test_the_number_of_queries_does_not_grow_with_the_contracts(isp: Provider) -> None:
    def queries(count: int) -> int:
        for _ in range(count):
            isp.activate()
        ids = facts.active(facts.CustomerRange(0, 10**9), choice=Choice())
        with CaptureQueriesContext(connection) as captured:
            facts.contract_facts(ids, on=date(2026, 1, 31))
        return len(captured)

    assert queries(1) == queries(7) <= 6


def test_branches_close_by_themselves_once_a_day_at_their_hour(isp: Provider) -> None:
    contract = isp.activate(on=date(2026, 1, 20))
    at_five = NOW.replace(month=2, day=1, hour=8)  # 05:00 in São Paulo
    at_six = at_five.replace(hour=9)

    assert daily.work(now=at_five) == []
    [run] = daily.work(now=at_six)
    assert daily.work(now=at_six) == []
    while month_close.write_chunk(run, at=at_six):
        pass

    assert run.due_until == date(2026, 2, 11)  # 01/02 + 10 days
    assert len(told(contract)) == 1


def test_credit_is_used_by_the_next_receivable(isp: Provider) -> None:
    contract = isp.activate()
    money.pay(money.owe(contract, 500), 1500)

    close_february()

    assert Receivable.objects.get(invoices__kind="PERIOD").received_cents == 1000  # 15,00 − 5,00
