"""Altering many contracts alike: those that may be are, the others are told with the reason."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.journeys import altering
from tests.journeys.altering import choose
from tests.journeys.scenario import close, told
from tests.provider import ATTENDANT, NOW, Provider, provider
from vigente.alterations import mass
from vigente.alterations.mass import Asked, Choice
from vigente.alterations.models import Alteration, MassAlteration
from vigente.audit.models import AuditEntry
from vigente.catalog.models import PriceIndex
from vigente.contracts.models import Contract, ContractItem, ContractPlan
from vigente.customers.models import Address, Contact
from vigente.domain.codes import (
    DifferencePolicy,
    InvoiceKind,
    ItemKind,
    MassKind,
    MassSkipReason,
)
from vigente.domain.readjustment import IndexMonthsMissing
from vigente.domain.sale import ItemDraft
from vigente.journeys import alteration, items, mass_alteration, scheduled_alterations
from vigente.journeys.mass_alteration import MassRefused
from vigente.outbox import jobs
from vigente.outbox.models import Effect

pytestmark = pytest.mark.django_db

TODAY = date(2026, 2, 5)
ON = date(2026, 2, 10)  # the first day of a period that has no invoice yet
FIVE_PERCENT = Asked(kind=MassKind.PERCENT, on=ON, percents_e4=(50_000,))


@pytest.fixture(autouse=True)
def _policy(isp: Provider) -> None:
    choose(isp, DifferencePolicy.PERIOD_BALANCE)


def active(isp: Provider, *, on: date = date(2025, 1, 10), **more) -> Contract:
    """Return a contract of R$ 90,00 that is invoiced until 09/02/2026."""
    contract = isp.activate(more.pop("plan", None) or isp.plan(), on=on, sold_on=on, **more)
    close(issued_on=date(2026, 2, 1), due_until=date(2026, 2, 10), approved=True)
    return contract


def begin(asked: Asked = FIVE_PERCENT, choice: Choice | None = None, **more) -> MassAlteration:
    return mass_alteration.begin(asked, choice or Choice(), by=ATTENDANT, at=NOW, **more)


def simulate(run: MassAlteration, *, today: date = ON) -> MassAlteration:
    while mass_alteration.simulate_chunk(run, today=today):
        pass
    assert mass_alteration.finish_simulation(run)
    return run


def write(run: MassAlteration, *, today: date = ON) -> MassAlteration:
    while mass_alteration.write_chunk(run, now=NOW, today=today):
        pass
    mass_alteration.finish(run, at=NOW)
    return run


def carry_out(asked: Asked = FIVE_PERCENT, *, today: date = ON, **more) -> MassAlteration:
    run = simulate(begin(asked, **more), today=today)
    mass_alteration.execute(run, by=ATTENDANT, at=NOW)
    return write(run, today=today)


def monthly(contract: Contract, *, on: date = ON) -> list[tuple[str, int]]:
    rows = ContractItem.objects.filter(contract=contract, starts_on__lte=on).order_by("pk")
    return [(i.kind, i.price_cents) for i in rows if i.ends_on is None or i.ends_on > on]


def skips(run: MassAlteration) -> list[tuple[int, str]]:
    return list(run.skips.order_by("pk").values_list("contract_id", "reason"))


def test_a_simulation_writes_nothing_but_its_figures(isp: Provider) -> None:
    contract = active(isp)

    run = simulate(begin())

    figures = mass.simulated(run)
    assert (run.status, figures.altered, figures.before_cents, figures.after_cents) == (
        ("SIMULATED", 1, 9000, 9450)  # R$ 90,00 × 1,05
    )
    assert monthly(contract) == [("PLAN", 9000)]
    assert not Alteration.objects.exists()


def test_prices_go_up_and_the_next_invoice_is_at_the_new_ones(isp: Provider) -> None:
    contract = active(isp)

    run = carry_out()
    close(issued_on=date(2026, 2, 20), due_until=date(2026, 3, 10))

    assert run.status == "DONE"
    assert mass.written(run) == mass.simulated(run)
    assert told(contract)[-1] == ("10/02–09/03", "10/03/2026", 9450)
    done = contract.alterations.get()
    assert (done.status, done.mass_id, done.digest) == ("CONFIRMED", run.pk, "")
    assert (done.sale_plan_before_id, done.monthly_after_cents) == (done.sale_plan_after_id, 9450)


def test_a_contract_of_less_than_12_months_is_left_with_its_sentence(isp: Provider) -> None:
    old, young = active(isp), active(isp, on=date(2025, 3, 10))

    run = carry_out()

    [skip] = run.skips.all()
    assert (skip.contract_id, skip.reason) == (young.pk, MassSkipReason.TOO_EARLY.value)
    assert "a partir de 10/03/2026" in skip.sentence
    assert monthly(old) == [("PLAN", 9450)]
    assert monthly(young) == [("PLAN", 9000)]


def test_a_second_run_finds_that_12_months_have_not_passed(isp: Provider) -> None:
    contract = active(isp)
    carry_out()

    again = carry_out()

    assert skips(again) == [(contract.pk, "TOO_EARLY")]
    assert monthly(contract) == [("PLAN", 9450)]


def test_an_open_alteration_leaves_the_contract(isp: Provider) -> None:
    contract = active(isp)
    altering.begin(contract, today=TODAY)

    run = carry_out()

    assert skips(run) == [(contract.pk, "ALTERATION_OPEN")]
    assert monthly(contract) == [("PLAN", 9000)]


def test_a_refused_contract_is_left_with_the_sentence_of_the_rule(isp: Provider) -> None:
    on = date(2025, 1, 10)
    never_billed = isp.activate(on=on, sold_on=on)

    run = carry_out()

    [skip] = run.skips.all()
    assert (skip.contract_id, skip.reason) == (never_billed.pk, "NO_INVOICE")
    assert "ao menos uma fatura" in skip.sentence


def test_what_was_killed_between_chunks_goes_on(isp: Provider) -> None:
    contracts = [active(isp) for _ in range(3)]
    run = simulate(begin(size=1))
    mass_alteration.execute(run, by=ATTENDANT, at=NOW)
    mass_alteration.write_chunk(run, now=NOW, today=ON)
    assert not mass_alteration.finish(run, at=NOW)

    write(MassAlteration.objects.get(pk=run.pk))

    assert [monthly(contract) for contract in contracts] == [[("PLAN", 9450)]] * 3
    assert Alteration.objects.count() == 3
    assert mass_alteration.write_chunk(run, now=NOW, today=ON) is None


def test_one_contract_at_fault_does_not_stop_its_chunk(isp: Provider) -> None:
    contracts = [active(isp) for _ in range(4)]
    run = simulate(begin())
    mass_alteration.execute(run, by=ATTENDANT, at=NOW)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION faulty() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF NEW.contract_id = {contracts[2].pk} THEN"
            " RAISE EXCEPTION 'falha de propósito' USING ERRCODE = '23514'; END IF;"
            " RETURN NEW; END $$;"
            "CREATE TRIGGER faulty BEFORE INSERT ON alterations_alteration"
            " FOR EACH ROW EXECUTE FUNCTION faulty()"
        )

    write(run)

    [skip] = run.skips.all()
    assert (skip.contract_id, skip.reason) == (contracts[2].pk, "FAILED")
    assert "falha de propósito" in skip.sentence
    assert mass.written(run).altered == 3
    assert monthly(contracts[2]) == [("PLAN", 9000)]


def test_a_reference_that_leads_nowhere_does_not_stop_its_chunk(isp: Provider) -> None:
    """References are checked at the commit, where the contract at fault is not known any more."""
    without_plan, other = active(isp), active(isp)
    ContractPlan.objects.filter(contract=without_plan).update(ends_on=date(2026, 1, 1))

    run = carry_out()

    assert skips(run) == [(without_plan.pk, "FAILED")]
    assert (monthly(without_plan), monthly(other)) == ([("PLAN", 9000)], [("PLAN", 9450)])


def test_a_paused_run_rests_and_goes_on_where_it_was(isp: Provider) -> None:
    contracts = [active(isp) for _ in range(3)]
    run = simulate(begin(size=1))
    mass_alteration.execute(run, by=ATTENDANT, at=NOW)
    mass_alteration.write_chunk(run, now=NOW, today=ON)

    mass_alteration.pause(run, by=ATTENDANT, at=NOW + timedelta(minutes=2))
    assert mass_alteration.write_chunk(run, now=NOW, today=ON) is None
    assert (run.status, run.worked_for, run.resumed_at) == ("PAUSED", timedelta(minutes=2), None)
    with pytest.raises(MassRefused, match="em execução pode ser pausada"):
        mass_alteration.pause(run, by=ATTENDANT, at=NOW)
    with pytest.raises(MassRefused, match="já foi executada"):
        mass_alteration.execute(run, by=ATTENDANT, at=NOW)

    mass_alteration.resume(run, by=ATTENDANT, at=NOW + timedelta(hours=9))
    with pytest.raises(MassRefused, match="pausada pode ser retomada"):
        mass_alteration.resume(run, by=ATTENDANT, at=NOW)
    write(run)

    assert (run.status, run.worked_for) == ("DONE", timedelta(minutes=2))
    assert [monthly(contract) for contract in contracts] == [[("PLAN", 9450)]] * 3


def with_a_shortfall(isp: Provider) -> tuple[Contract, Asked]:
    """Return the manual's downgrade, where MANUAL gives R$ 32,27 less than the exact account."""
    choose(isp, DifferencePolicy.MANUAL)
    contract = altering.the_manuals(isp, 8990)
    plan = isp.plan(price_cents=4990)
    return contract, Asked(kind=MassKind.PLAN, on=altering.ON, sale_plan_id=plan.pk)


def test_who_would_get_less_is_left_until_somebody_ticks(isp: Provider) -> None:
    contract, asked = with_a_shortfall(isp)

    run = simulate(begin(asked), today=altering.ON)
    mass_alteration.execute(run, by=ATTENDANT, at=NOW)
    write(run, today=altering.ON)

    assert skips(run) == [(contract.pk, "SHORTFALL")]
    assert "R$ 32,27 a menos" in run.skips.get().sentence  # 36,13 − 3,86
    assert mass.simulated(run).shortfall_cents == mass.written(run).shortfall_cents == 3227
    assert monthly(contract, on=altering.ON) == [("PLAN", 8990)]


def test_one_tick_is_for_the_whole_run(isp: Provider) -> None:
    contract, asked = with_a_shortfall(isp)
    run = simulate(begin(asked), today=altering.ON)
    known_before_the_tick = MassAlteration.objects.get(pk=run.pk)

    mass_alteration.execute(run, by=ATTENDANT, at=NOW, accepts_shortfall=True)
    write(known_before_the_tick, today=altering.ON)

    figures = mass.written(run)
    assert (figures.altered, figures.shortfalls, figures.shortfall_cents) == (1, 1, 3227)
    assert skips(run) == []
    assert monthly(contract, on=altering.ON) == [("PLAN", 4990), ("DISCOUNT", 386)]
    assert contract.alterations.get().difference_cents == -386
    [entry] = AuditEntry.objects.filter(action="mass alteration executed")
    assert entry.detail["accepts_shortfall"] == "sim"


def test_contracts_of_a_city_are_those_installed_there(isp: Provider) -> None:
    """Or, where no address of the service is told, those of customers whose main one is there."""
    plan = isp.plan()
    installed, at_home, elsewhere = (active(isp, plan=plan) for _ in range(3))
    Address.objects.update(city="Santos")
    Contract.objects.filter(pk=at_home.pk).update(address=None)
    at_home.customer.addresses.filter(is_main=True).update(city="Belém")
    Contract.objects.filter(pk=installed.pk).update(
        address=installed.customer.addresses.create(street="Rua A", city="BELEM", uf="PA")
    )
    elsewhere.customer.addresses.create(street="Rua B", city="Belém", uf="PA")

    run = simulate(begin(choice=Choice(city="belém")))

    [chunk] = run.chunks.all()
    assert sorted(chunk.contract_ids) == sorted([installed.pk, at_home.pk])


def test_filters_choose_the_contracts(isp: Provider) -> None:
    plan = isp.plan()
    chosen, other = active(isp, plan=plan, due_day=10), active(isp, plan=plan, due_day=9)
    another = active(isp, due_day=10)

    carry_out(
        choice=Choice(
            branch_id=isp.branch.pk,
            sale_plan_id=plan.pk,
            billing_type_id=plan.billing_type_id,
            due_day=10,
        )
    )

    assert [monthly(c)[0][1] for c in (chosen, other, another)] == [9450, 9000, 9000]


def test_no_contract_chosen_is_said_at_once(isp: Provider) -> None:
    active(isp)

    with pytest.raises(MassRefused, match="Nenhum contrato ativo"):
        begin(choice=Choice(due_day=28))

    assert not MassAlteration.objects.exists()


def test_discounts_on_the_plan_go_on_after_the_readjustment(isp: Provider) -> None:
    contract = active(isp)
    product = contract.items.get()
    items.add(
        contract.pk,
        ItemDraft(
            kind=ItemKind.DISCOUNT,
            product_id=product.product_id,
            description="Fidelidade",
            price_cents=1000,
            starts_on=ON,
            discounted_item_id=product.pk,
        ),
        by=ATTENDANT,
        now=NOW,
        today=ON,
    )

    carry_out()
    close(issued_on=date(2026, 2, 20), due_until=date(2026, 3, 10))

    assert monthly(contract) == [("PLAN", 9450), ("DISCOUNT", 1000)]
    assert told(contract)[-1][2] == 8450


def test_contracts_migrate_to_another_plan(isp: Provider) -> None:
    contract, there_already = active(isp), active(isp, plan=isp.plan(price_cents=12_000))
    plan = there_already.plans.get().sale_plan

    run = carry_out(Asked(kind=MassKind.PLAN, on=ON, sale_plan_id=plan.pk))

    assert skips(run) == [(there_already.pk, "SAME_PLAN")]
    assert monthly(contract) == [("PLAN", 12_000)]
    assert contract.plans.get(ends_on=None).sale_plan_id == plan.pk


def test_a_plan_of_another_branch_is_not_given(isp: Provider) -> None:
    contract = active(isp)
    plan = isp.plan(branch=provider(code="B").branch)

    run = carry_out(Asked(kind=MassKind.PLAN, on=ON, sale_plan_id=plan.pk))

    assert skips(run) == [(contract.pk, "OTHER_BRANCH")]


def test_a_plan_that_is_sold_no_more_is_refused(isp: Provider) -> None:
    active(isp)
    plan = isp.plan(is_active=False)

    with pytest.raises(MassRefused, match="inativo"):
        begin(Asked(kind=MassKind.PLAN, on=ON, sale_plan_id=plan.pk))


def test_a_later_day_is_scheduled_and_carried_out_on_it(isp: Provider) -> None:
    contract = active(isp)

    run = carry_out(today=TODAY)

    assert contract.alterations.get().status == "SCHEDULED"
    assert mass.written(run).scheduled == 1
    assert monthly(contract) == [("PLAN", 9000)]
    scheduled_alterations.sweep(isp.branch.pk, today=ON, now=NOW)
    assert monthly(contract) == [("PLAN", 9450)]


def test_later_invoices_are_cancelled_and_billed_again(isp: Provider) -> None:
    contract = active(isp)
    close(issued_on=date(2026, 2, 1), due_until=date(2026, 4, 10), approved=True)

    run = carry_out()

    # that of 10/02–09/03 stays and is settled, that of 10/03–09/04 is billed again
    assert mass.written(run).charged_cents == 450
    assert mass.written(run).cancelled_cents == 9000
    cancelled = contract.invoices.filter(kind=InvoiceKind.PERIOD.value, cancelled_on=ON)
    assert [invoice.total_cents for invoice in cancelled] == [9000]


def test_only_contracts_whose_periods_came_free_are_billed_at_once(isp: Provider) -> None:
    early = active(isp)
    close(issued_on=date(2026, 2, 1), due_until=date(2026, 4, 10), approved=True)
    active(isp)

    carry_out()

    [job] = ProcrastinateJob.objects.filter(task_name=jobs.BILL_ALTERED)
    assert job.args["contract_ids"] == str(early.pk)


def test_one_of_them_is_undone_like_any_other(isp: Provider) -> None:
    contract = active(isp)
    carry_out()

    alteration.undo(contract.alterations.get().pk, reason="acordo", asker=altering.asker(ON))

    assert monthly(contract) == [("PLAN", 9000)]
    assert skips(carry_out()) == []


def test_customers_are_told_why(isp: Provider) -> None:
    contract = active(isp)
    Contact.objects.create(customer=contract.customer, kind="EMAIL", value="marina@example.com")

    carry_out()

    [effect] = Effect.objects.filter(kind="MESSAGE", object_id=contract.pk)
    assert "Reajuste anual de 5 %." in effect.payload["text"]
    assert "de R$ 90,00 para R$ 94,50" in effect.payload["text"]


def test_an_index_is_read_from_its_table(isp: Provider) -> None:
    for month in range(1, 13):
        PriceIndex.objects.create(code="IPCA", month=date(2025, month, 1), percent="0.5")
    contract = active(isp)
    by = mass_alteration.readjustment_by_index("IPCA", until=date(2025, 12, 1))

    run = carry_out(
        Asked(
            kind=MassKind.INDEX,
            on=ON,
            percents_e4=by.percents_e4,
            index_code="IPCA",
            index_until=date(2025, 12, 1),
        )
    )

    assert mass_alteration.words(run) == "Reajuste anual de 6,1678 % (IPCA até 12/2025)"
    assert monthly(contract) == [("PLAN", 9555)]  # R$ 90,00 × 1,005 to the 12th
    with pytest.raises(IndexMonthsMissing, match="01/2026"):
        mass_alteration.readjustment_by_index("IPCA", until=date(2026, 1, 1))


def test_a_discarded_simulation_is_carried_out_no_more(isp: Provider) -> None:
    active(isp)
    run = simulate(begin())
    mass_alteration.discard(run, by=ATTENDANT, at=NOW)

    with pytest.raises(MassRefused, match="descartada"):
        mass_alteration.execute(run, by=ATTENDANT, at=NOW)

    assert mass_alteration.write_chunk(run, now=NOW, today=ON) is None


def test_queries_are_as_many_for_one_contract_as_for_four(isp: Provider) -> None:
    plan = isp.plan()
    counted = []
    for number, due_day in ((1, 10), (4, 9)):
        for _ in range(number):
            active(isp, plan=plan, due_day=due_day)
        run = simulate(begin(choice=Choice(due_day=due_day)))
        mass_alteration.execute(run, by=ATTENDANT, at=NOW)
        with CaptureQueriesContext(connection) as queries:
            mass_alteration.write_chunk(run, now=NOW, today=ON)
        counted.append(len(queries))

    assert counted[0] == counted[1]
