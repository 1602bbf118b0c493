"""Old invoices keep the price of the schedule that cut their period."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.altered import Contract
from tests.domain.test_alteration_plan import any_schedule, first_items, wanted_terms
from tests.domain.test_schedule import terms
from vigente.domain import former_schedules
from vigente.domain.alteration_plan import AlterationRefused
from vigente.domain.periods import Period
from vigente.domain.schedule import Schedule


@given(any_schedule, st.data())
def test_each_invoice_keeps_the_price_of_the_schedule_that_cut_it(
    of: Schedule, data: st.DataObject
) -> None:
    contract, former = Contract(of, first_items(of, price=9000)), [of]
    contract.close(2)

    for number in range(2, 5):
        wanted = data.draw(wanted_terms(contract, number=number))
        try:
            contract.alter(wanted)
        except AlterationRefused:
            continue
        if contract.schedule != former[-1]:
            former.append(contract.schedule)
        contract.close()

    for invoice, _ in contract.standing:
        service, periodicity = former_schedules.as_issued(
            invoice.service.period, nominal_due_on=invoice.service.nominal_due_on, schedules=former
        )
        assert (service, periodicity) == (invoice.service, invoice.periodicity)


def test_a_period_that_no_schedule_cut_is_its_own_cycle() -> None:
    imported = Period(date(2025, 12, 28), date(2026, 1, 20))

    service, _ = former_schedules.as_issued(
        imported, nominal_due_on=date(2026, 1, 20), schedules=[terms()]
    )

    assert (service.period, service.cycle, service.divisor_days) == (imported, imported, 23)
    longer = replace(terms(), starts_on=date(2026, 1, 20))
    own, _ = former_schedules.as_issued(
        Period(date(2026, 1, 20), date(2026, 6, 1)),
        nominal_due_on=date(2026, 6, 1),
        schedules=[longer],
    )
    assert own.cycle == own.period
