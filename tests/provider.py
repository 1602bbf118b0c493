"""A small provider for tests that need tables: one branch, one plan, and what tests add."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import count

from vigente.audit.actor import Actor
from vigente.catalog.models import (
    BillingType,
    PaymentTerms,
    Product,
    SalePlan,
    SalePlanItem,
    Wallet,
)
from vigente.catalog.queries import sale_plan
from vigente.contracts.models import Contract
from vigente.customers.models import Address, Customer
from vigente.domain import sale
from vigente.domain.codes import CustomerKind, ProductKind, TaxClass
from vigente.domain.schedule import Divisor, DueRule, FirstInvoice, PeriodBase, Timing
from vigente.journeys import activation
from vigente.journeys import sale as sale_journey
from vigente.staff.models import Branch

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
ATTENDANT = Actor(1, "Ana Atendente")
_numbers = count(1)


@dataclass
class Provider:
    """The rows that nearly every scenario starts from."""

    branch: Branch
    wallet: Wallet
    terms: PaymentTerms
    internet: Product
    fee: Product

    def billing_type(
        self,
        *,
        timing: Timing = Timing.POSTPAID,
        base: PeriodBase = PeriodBase.DUE_DATE,
        months: int = 1,
        first_invoice: FirstInvoice = FirstInvoice.FIRST,
        divisor: Divisor = Divisor.ACTUAL,
    ) -> BillingType:
        """Make a billing type in months."""
        return BillingType.objects.create(
            name=f"Tipo {next(_numbers)}",
            timing=timing.value,
            base=base.value,
            period_count=months,
            payment_terms=self.terms,
            first_invoice=first_invoice.value,
            first_divisor=divisor.value,
        )

    def plan(
        self, *, price_cents: int = 9000, billing_type: BillingType | None = None, **more
    ) -> SalePlan:
        """Make a sale plan of one internet product."""
        number = next(_numbers)
        plan = SalePlan.objects.create(
            code=f"P{number}",
            name=f"Fibra {number}",
            billing_type=billing_type or self.billing_type(),
            activation_product=self.fee,
            **more,
        )
        SalePlanItem.objects.create(
            sale_plan=plan,
            product=self.internet,
            description=plan.name,
            price_cents=price_cents,
        )
        return plan

    def customer(self, name: str = "Marina Alves") -> Customer:
        """Make a customer with an address."""
        number = next(_numbers)
        customer = Customer.objects.create(
            branch=self.branch,
            kind=CustomerKind.PERSON.value,
            tax_id=f"{number:011d}",
            name=name,
            created_at=NOW,
        )
        Address.objects.create(
            customer=customer,
            street="Rua das Flores",
            number="1",
            city="Serra Clara",
            uf="MG",
            is_main=True,
        )
        return customer

    def draft(
        self,
        plan: SalePlan | None = None,
        *,
        customer: Customer | None = None,
        sold_on: date = date(2026, 1, 1),
        due_day: int | None = 10,
        **changes,
    ) -> sale.ContractDraft:
        """Draft a contract of a plan, changed as told."""
        customer = customer or self.customer()
        drafted = sale.draft(
            sale_plan((plan or self.plan()).pk),
            customer_id=customer.pk,
            branch_id=self.branch.pk,
            wallet_id=self.wallet.pk,
            sold_on=sold_on,
            due_day=due_day,
            address_id=customer.addresses.get().pk,
        )
        return replace(drafted, **changes)

    def sell(self, plan: SalePlan | None = None, **changes) -> Contract:
        """Sell a contract; it is in status PRE."""
        return sale_journey.sell(self.draft(plan, **changes), by=ATTENDANT, now=NOW)

    def activate(
        self, plan: SalePlan | None = None, *, on: date = date(2026, 1, 20), **changes
    ) -> Contract:
        """Sell and activate a contract."""
        contract = self.sell(plan, **changes)
        activation.activate(contract.pk, on=on, by=ATTENDANT, now=NOW)
        contract.refresh_from_db()
        return contract


def provider(*, code: str = "M") -> Provider:
    """Make the provider's rows."""
    branch = Branch.objects.create(code=code, name="Matriz", city="Serra Clara", uf="MG")
    return Provider(
        branch=branch,
        # delay costs nothing here: tests of what it costs say so
        wallet=Wallet.objects.create(
            name=f"Carteira {code}", branch=branch, fine_percent=0, interest_percent_month=0
        ),
        terms=PaymentTerms.objects.create(
            name=f"Dia fixo {code}", due_rule=DueRule.FIXED_DAY.value
        ),
        internet=Product.objects.create(
            code=f"INT{code}",
            name="Internet",
            kind=ProductKind.INTERNET.value,
            tax_class=TaxClass.SCM.value,
        ),
        fee=Product.objects.create(
            code=f"TAXA{code}",
            name="Taxa de ativação",
            kind=ProductKind.FEE.value,
            tax_class=TaxClass.ISS.value,
        ),
    )
