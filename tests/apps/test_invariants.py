"""Every promise of the tables, seen to refuse what it forbids."""

from contextlib import closing
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import F

from tests.provider import ATTENDANT, NOW, Provider, provider
from vigente.audit import actions as audit
from vigente.audit.models import AuditEntry, AuditValue
from vigente.billing.models import CloseRun, Invoice, InvoiceLine, ItemCharge, Receivable
from vigente.catalog.models import BillingType, PaymentTerms, Wallet
from vigente.contracts.models import Contract, ContractItem, ContractMove, ContractPlan
from vigente.domain.lifecycle import MOVES, ContractStatus
from vigente.domain.parameters import LAST_DUE_ON, Scope
from vigente.parameters import actions as parameters
from vigente.staff.models import Branch

pytestmark = pytest.mark.django_db


@pytest.fixture
def isp() -> Provider:
    return provider()


@pytest.fixture
def contract(isp: Provider) -> Contract:
    return isp.activate()


def refused_by(name: str):  # noqa: ANN201
    """Expect the database to refuse what follows, by the promise of that name."""
    return pytest.raises(IntegrityError, match=name)


def write_line(invoice_id: int, *, number: int = 1, cents: int = 9000, **more) -> None:
    InvoiceLine.objects.bulk_create(
        [
            InvoiceLine(
                invoice_id=invoice_id,
                number=number,
                kind="PLAN",
                tax_class="SCM",
                description="Fibra",
                unit_cents=cents,
                amount_cents=cents,
                explanation="R$ 90,00",
                **more,
            )
        ]
    )


def write_invoice(
    contract: Contract,
    *,
    number: int = 1,
    start: date = date(2026, 2, 10),
    line_cents: int = 9000,
    total_cents: int = 9000,
    receivable_cents: int = 9000,
    due_on: date = date(2026, 3, 10),
    end: date | None = None,
) -> Invoice:
    """Write an invoice with its line and receivable, in the order that the database asks for."""
    write_line(number, cents=line_cents)
    invoice = Invoice.objects.create(
        pk=number,
        contract=contract,
        kind="PERIOD",
        origin="CLOSE",
        issued_on=date(2026, 2, 1),
        period_start=start,
        period_end=end or start + timedelta(days=28),
        cycle_days=28,
        nominal_due_on=due_on,
        due_on=due_on,
        total_cents=total_cents,
        receivable_id=number,
    )
    write_receivable(contract, number=number, cents=receivable_cents, due_on=due_on)
    return invoice


def write_receivable(
    contract: Contract, *, number: int, cents: int = 9000, due_on: date = date(2026, 3, 10)
) -> Receivable:
    return Receivable.objects.create(
        pk=number,
        customer_id=contract.customer_id,
        branch_id=contract.branch_id,
        wallet_id=contract.wallet_id,
        issued_on=date(2026, 2, 1),
        due_on=due_on,
        amount_cents=cents,
    )


def test_a_lawful_invoice_is_written(contract: Contract) -> None:
    write_invoice(contract)

    connection.check_constraints()
    assert Invoice.objects.count() == 1


def test_no_day_of_a_contract_is_billed_twice(contract: Contract) -> None:
    write_invoice(contract)

    with refused_by("no_overlapping_service_periods"):
        write_invoice(contract, number=2, start=date(2026, 3, 9))


def test_a_cancelled_invoice_that_was_released_makes_room(contract: Contract) -> None:
    first = write_invoice(contract)
    Receivable.objects.filter(pk=first.pk).update(cancelled_on=date(2026, 2, 2))
    Invoice.objects.filter(pk=first.pk).update(cancelled_on=date(2026, 2, 2), covers=False)

    write_invoice(contract, number=2)

    connection.check_constraints()


def test_a_waived_invoice_still_covers_its_period(contract: Contract) -> None:
    first = write_invoice(contract)
    Receivable.objects.filter(pk=first.pk).update(cancelled_on=date(2026, 2, 2))
    Invoice.objects.filter(pk=first.pk).update(cancelled_on=date(2026, 2, 2))

    with refused_by("no_overlapping_service_periods"):
        write_invoice(contract, number=2)


def test_only_a_cancelled_invoice_gives_its_period_back(contract: Contract) -> None:
    invoice = write_invoice(contract)

    with refused_by("invoice_released_only_when_cancelled"):
        Invoice.objects.filter(pk=invoice.pk).update(covers=False)


def test_a_period_invoice_has_a_finite_period_that_is_not_empty(contract: Contract) -> None:
    with refused_by("invoice_period_finite_and_not_empty|range lower bound"):
        write_invoice(contract, end=date(2026, 2, 10))


def test_lines_add_up_to_the_invoice(contract: Contract) -> None:
    with refused_by("invoice_lines_add_up|lines of invoice"):
        write_invoice(contract, line_cents=8999)


def test_an_invoice_has_lines(contract: Contract) -> None:
    with refused_by("lines of invoice"):
        Invoice.objects.create(
            contract=contract,
            kind="SINGLE",
            origin="STAFF",
            issued_on=date(2026, 2, 1),
            nominal_due_on=date(2026, 3, 10),
            due_on=date(2026, 3, 10),
            total_cents=0,
        )


def test_invoices_add_up_to_the_receivable(contract: Contract) -> None:
    with refused_by("invoices of receivable"):
        write_invoice(contract, receivable_cents=9001)


def test_no_line_joins_an_issued_invoice(contract: Contract) -> None:
    invoice = write_invoice(contract)

    with refused_by("no line may join"):
        write_line(invoice.pk, number=2)


def test_no_invoice_joins_an_issued_receivable(contract: Contract) -> None:
    first = write_invoice(contract)
    write_line(2)

    with refused_by("no invoice may join"):
        Invoice.objects.create(
            pk=2,
            contract=contract,
            kind="SINGLE",
            origin="STAFF",
            issued_on=date(2026, 2, 1),
            nominal_due_on=date(2026, 3, 10),
            due_on=date(2026, 3, 10),
            total_cents=9000,
            receivable_id=first.pk,
        )


def test_a_line_names_a_product_that_exists() -> None:
    with refused_by("there is no product"):
        write_line(1, product_id=987654)


@pytest.mark.parametrize("field", ["branch_id", "wallet_id"])
def test_a_receivable_names_a_branch_and_a_wallet_that_exist(
    contract: Contract, field: str
) -> None:
    setattr(contract, field, 987654)

    with refused_by("no such branch or wallet"):
        write_invoice(contract)


@pytest.mark.parametrize(
    "change",
    [
        {"total_cents": 1},
        {"period_end": date(2026, 4, 1)},
        {"due_on": date(2026, 3, 11)},
        {"carried_cents": 5},
    ],
)
def test_an_issued_invoice_never_changes(contract: Contract, change: dict) -> None:
    invoice = write_invoice(contract)

    with refused_by("is issued: cancel it instead"):
        Invoice.objects.filter(pk=invoice.pk).update(**change)


def test_an_issued_invoice_is_never_deleted(contract: Contract) -> None:
    write_invoice(contract)

    with refused_by("is issued"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM billing_invoice")


def test_a_cancelled_invoice_stays_cancelled(contract: Contract) -> None:
    invoice = write_invoice(contract)
    Receivable.objects.update(cancelled_on=date(2026, 2, 2))
    Invoice.objects.update(cancelled_on=date(2026, 2, 2), covers=False)

    with refused_by("is issued"):
        Invoice.objects.filter(pk=invoice.pk).update(cancelled_on=None, covers=True)


@pytest.mark.parametrize("change", [{"amount_cents": 9001}, {"customer_id": 1}, {"wallet_id": 1}])
def test_an_issued_receivable_never_changes(contract: Contract, change: dict) -> None:
    write_invoice(contract)
    if "amount_cents" not in change:
        change = {name: F(name) + 1 for name in change}

    with refused_by("is issued: cancel it instead"):
        Receivable.objects.update(**change)


def test_lines_never_change_and_are_never_deleted(contract: Contract) -> None:
    write_invoice(contract)

    for statement in (
        "UPDATE billing_invoiceline SET amount_cents = 1",
        "DELETE FROM billing_invoiceline",
    ):
        with (
            refused_by("lines of invoice"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_a_receivable_takes_at_most_its_amount(contract: Contract) -> None:
    write_invoice(contract)

    with refused_by("receivable_never_overpaid"):
        Receivable.objects.update(received_cents=8000, discounted_cents=1001)


def test_a_standing_receivable_keeps_its_invoices(contract: Contract) -> None:
    write_invoice(contract)

    with refused_by("cancel it before its invoices"):
        Invoice.objects.update(cancelled_on=date(2026, 2, 2))


def test_a_cancelled_receivable_leaves_no_standing_invoice(contract: Contract) -> None:
    write_invoice(contract)
    Receivable.objects.update(cancelled_on=date(2026, 2, 2))

    with refused_by("an invoice stands on it"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS cancelled_receivable_has_no_invoice IMMEDIATE")


def test_no_payable_date_is_beyond_the_ceiling(contract: Contract) -> None:
    with refused_by("after the ceiling 2026-12-31"):
        write_invoice(contract, due_on=date(2027, 1, 1))


def test_no_receivable_is_moved_beyond_the_ceiling(contract: Contract) -> None:
    write_invoice(contract)

    with refused_by("after the ceiling"):
        Receivable.objects.update(due_on=date(2027, 1, 1))


def test_a_lifted_ceiling_lets_the_new_year_in(contract: Contract) -> None:
    parameters.set_value(
        LAST_DUE_ON,
        None,
        scope=Scope.BRANCH,
        scope_id=contract.branch_id,
        by=ATTENDANT,
        now=NOW,
    )

    assert write_invoice(contract, due_on=date(2027, 1, 1)).pk


def test_an_item_is_charged_once_for_each_number(contract: Contract) -> None:
    invoice = write_invoice(contract)
    item = contract.items.get()
    ItemCharge.objects.create(item=item, number=1, invoice=invoice)

    with refused_by("item_charged_once"):
        ItemCharge.objects.create(item=item, number=1, invoice=invoice)


def test_a_contract_has_one_plan_a_day(contract: Contract) -> None:
    plan = contract.plans.get()

    with refused_by("one_contract_plan_per_day"):
        ContractPlan.objects.create(
            contract=contract, sale_plan=plan.sale_plan, starts_on=date(2026, 6, 1)
        )


ROADS = {
    ContractStatus.PRE: [],
    ContractStatus.WITHDRAWN: ["WITHDRAWN"],
    ContractStatus.ACTIVE: ["ACTIVE"],
    ContractStatus.INACTIVE: ["ACTIVE", "INACTIVE"],
    ContractStatus.LISTED: ["ACTIVE", "LISTED"],
}


@pytest.mark.parametrize("before", ContractStatus)
def test_only_legal_moves_of_a_status(isp: Provider, before: ContractStatus) -> None:
    put = Contract.objects.filter(pk=isp.sell().pk)
    put.update(
        activated_on=date(2026, 1, 20),
        billing_starts_on=date(2026, 1, 20),
        ends_on=date(2026, 5, 1),
    )
    for step in ROADS[before]:
        put.update(status=step)

    for after in ContractStatus:
        moved = transaction.atomic()
        if (before, after) in MOVES or before is after:
            with moved:
                assert put.update(status=after.value) == 1
                transaction.set_rollback(True)
        else:
            with refused_by("cannot go from"), moved:
                put.update(status=after.value)


def test_what_an_active_contracts_item_costs_never_changes(contract: Contract) -> None:
    with refused_by("end it and add another"):
        ContractItem.objects.filter(contract=contract).update(price_cents=1)


def test_a_billing_type_in_use_keeps_its_schedule(contract: Contract) -> None:
    with refused_by("is used by contracts"):
        BillingType.objects.filter(pk=contract.billing_type_id).update(timing="PREPAID")


def test_payment_terms_in_use_keep_their_rule(contract: Contract) -> None:
    assert contract.pk

    with refused_by("are used by contracts"):
        PaymentTerms.objects.update(due_rule="INTERVAL", interval_days=5)


def test_a_list_of_dates_may_grow_at_its_end_only(isp: Provider) -> None:
    listed = [date(2026, 2, 5), date(2026, 3, 5)]
    PaymentTerms.objects.update(due_rule="CUSTOM", custom_dates=listed)
    isp.activate()

    PaymentTerms.objects.update(custom_dates=[*listed, date(2026, 4, 5)])
    with refused_by("are used by contracts"):
        PaymentTerms.objects.update(custom_dates=[date(2026, 2, 6), *listed[1:]])


@pytest.mark.parametrize(
    "dates",
    [
        [date(2026, 2, 5), date(2026, 1, 5)],
        [date(2026, 1, 5), date(2026, 1, 5)],
        [date(2026, 1, 5), None],
    ],
    ids=["backwards", "twice", "missing"],
)
def test_custom_dates_go_forward(dates: list[date | None]) -> None:
    with refused_by("payment_terms_dates_go_forward"):
        PaymentTerms.objects.create(name="Datas", due_rule="CUSTOM", custom_dates=dates)


@pytest.mark.parametrize(
    ("change", "most"),
    [
        ({}, 28),
        ({"period_count": 2}, 56),
        ({"period_unit": "DAY", "period_count": 15}, 15),
    ],
)
def test_no_postpaid_cycle_is_shorter_than_its_interval(
    isp: Provider, change: dict, most: int
) -> None:
    interval = PaymentTerms.objects.create(name="Folga", due_rule="INTERVAL", interval_days=most)
    billing_type = isp.billing_type()
    BillingType.objects.filter(pk=billing_type.pk).update(payment_terms=interval, **change)

    with refused_by("longer than a cycle"), transaction.atomic():
        PaymentTerms.objects.filter(pk=interval.pk).update(interval_days=most + 1)
    with refused_by("an interval of at most"), transaction.atomic():
        BillingType.objects.update(period_unit="DAY", period_count=most - 1)

    assert PaymentTerms.objects.get(pk=interval.pk).interval_days == most


def test_a_billing_type_is_not_made_with_an_interval_longer_than_its_cycle(isp: Provider) -> None:
    isp.terms = PaymentTerms.objects.create(name="29 dias", due_rule="INTERVAL", interval_days=29)

    with refused_by("an interval of at most 28 days"):
        isp.billing_type()


@pytest.mark.django_db(transaction=True)
def test_no_interval_grows_while_a_billing_type_is_being_made(isp: Provider) -> None:
    isp.terms = PaymentTerms.objects.create(name="5 dias", due_rule="INTERVAL", interval_days=5)
    longer = "UPDATE catalog_paymentterms SET interval_days = 90 WHERE id = %s"

    with closing(connection.copy()) as rival, rival.cursor() as cursor, transaction.atomic():
        isp.billing_type()
        cursor.execute("SET lock_timeout = '100ms'")
        with pytest.raises(OperationalError, match="lock timeout"):
            cursor.execute(longer, [isp.terms.pk])

    with refused_by("longer than a cycle"):
        PaymentTerms.objects.filter(pk=isp.terms.pk).update(interval_days=90)


@pytest.mark.parametrize("change", [{"base": "ANNIVERSARY"}, {"timing": "PREPAID"}])
def test_an_interval_may_be_longer_where_no_due_date_cuts_the_first_period(
    isp: Provider, change: dict
) -> None:
    interval = PaymentTerms.objects.create(name="90 dias", due_rule="INTERVAL", interval_days=90)
    billing_type = isp.billing_type()

    changed = BillingType.objects.filter(pk=billing_type.pk)
    assert changed.update(payment_terms=interval, **change) == 1


@pytest.mark.parametrize(
    ("change", "promise"),
    [
        ({"first_divisor": "THIRTY"}, "billing_type_thirty_in_months"),
        ({"base": "CALENDAR"}, "billing_type_calendar_in_months"),
    ],
)
def test_what_counts_months_takes_no_cycle_of_days(
    isp: Provider, change: dict, promise: str
) -> None:
    billing_type = isp.billing_type()

    with refused_by(promise):
        BillingType.objects.filter(pk=billing_type.pk).update(period_unit="DAY", **change)


def test_what_others_name_is_never_deleted(contract: Contract) -> None:
    for table in ("staff_branch", "catalog_product", "catalog_wallet"):
        with (
            refused_by("inactivate it"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"DELETE FROM {table}")

    assert Branch.objects.filter(pk=contract.branch_id).exists()


def test_moves_stay_in_the_history(contract: Contract) -> None:
    with refused_by("history of contracts is never changed"):
        ContractMove.objects.filter(contract=contract).update(reason="outra")


def test_the_trail_is_never_changed(contract: Contract) -> None:
    assert contract.pk
    for change in (
        lambda: AuditEntry.objects.update(action="outra"),
        lambda: AuditEntry.objects.all().delete(),
    ):
        with refused_by("trail is never changed"), transaction.atomic():
            change()


def test_a_value_of_the_trail_is_redacted_by_one_function_only() -> None:
    entry = audit.record(
        "customer changed",
        object_kind="customer",
        object_id=1,
        by=ATTENDANT,
        at=NOW,
        values={"name": ("Ana", "Bia")},
    )

    with refused_by("trail is never changed"), transaction.atomic():
        AuditValue.objects.update(before="Outra")
    with connection.cursor() as cursor:
        cursor.execute("SELECT vigente_audit_redact(%s, now())", [entry.pk])
    value = AuditValue.objects.get()

    assert (value.before, value.after) == (None, None)
    assert value.redacted_at is not None


def test_every_promise_kept_by_a_trigger_says_which_it_is() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
            " AND tgrelid::regclass::text !~ '^procrastinate'"
            " AND obj_description(oid, 'pg_trigger') IS NULL"
        )
        silent = [row[0] for row in cursor.fetchall()]

    assert silent == []


@pytest.mark.parametrize("columns", [{}, {"started_at": NOW, "status": "PAUSED"}], ids=str)
def test_a_close_works_neither_before_it_starts_nor_in_a_pause(columns: dict[str, object]) -> None:
    with refused_by("close_run_works_once_started"):
        CloseRun.objects.create(
            due_until=NOW.date(),
            issued_on=NOW.date(),
            by_name="Ana",
            created_at=NOW,
            resumed_at=NOW,
            **columns,
        )


def test_a_wallet_is_paid_in_a_known_form_and_delay_costs_no_more_than_the_law(
    isp: Provider,
) -> None:
    wallets = Wallet.objects.filter(pk=isp.wallet.pk)

    with refused_by("wallet_payment_form"), transaction.atomic():
        wallets.update(payment_form="CHEQUE")
    with refused_by("wallet_charges_within_the_law"), transaction.atomic():
        wallets.update(fine_percent="2.01")
    with refused_by("wallet_charges_within_the_law"), transaction.atomic():
        wallets.update(interest_percent_month="1.01")
