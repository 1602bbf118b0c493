"""What is sold and how it is billed.

A billing type and its terms are immutable once a contract uses them (`billing_type_frozen`):
a changed rule is a new billing type, so that contracts already sold keep theirs.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from vigente.documents.models import DocumentTemplate
from vigente.domain.codes import PaymentForm, ProductKind, TaxClass, values
from vigente.domain.cycles import PeriodUnit
from vigente.domain.schedule import Divisor, DueRule, FirstInvoice, PeriodBase, Timing
from vigente.staff.models import Branch


class Product(models.Model):
    """A produto or serviço; never deleted, since lines of invoices name it."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12)
    tax_class = models.CharField(max_length=10)
    unit = models.CharField(max_length=6, default="UN")
    price_cents = models.BigIntegerField(default=0)
    download_kbps = models.IntegerField(null=True)
    upload_kbps = models.IntegerField(null=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("code"), name="product_code_once"),
            models.CheckConstraint(condition=Q(kind__in=values(ProductKind)), name="product_kind"),
            models.CheckConstraint(
                condition=Q(tax_class__in=values(TaxClass)), name="product_tax_class"
            ),
            models.CheckConstraint(condition=Q(price_cents__gte=0), name="product_price"),
        ]

    def __str__(self) -> str:
        return self.name


# CPF, CNPJ, telephone, random key or e-mail
PIX_KEY = (
    r"^([0-9]{11}|[0-9A-Z]{12}[0-9]{2}|\+55[0-9]{10,11}"
    r"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[^@[:space:]]+@[^@[:space:]]+)$"
)


class Wallet(models.Model):
    """A carteira de cobrança: how money is collected and what delay costs, by law's limits.

    Bills are paid to `pix_key` where customers pay by Pix.
    """

    name = models.CharField(max_length=120)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True, related_name="+")
    payment_form = models.CharField(max_length=10, default=PaymentForm.BOLETO.value)
    pix_key = models.CharField(max_length=77, blank=True, db_default="")
    fine_percent = models.DecimalField(max_digits=5, decimal_places=2, default=2)
    interest_percent_month = models.DecimalField(max_digits=5, decimal_places=2, default=1)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="wallet_once"),
            models.CheckConstraint(
                condition=Q(payment_form__in=values(PaymentForm)), name="wallet_payment_form"
            ),
            models.CheckConstraint(
                condition=Q(pix_key="") | Q(pix_key__regex=PIX_KEY), name="wallet_pix_key"
            ),
            models.CheckConstraint(
                condition=Q(fine_percent__range=(0, 2), interest_percent_month__range=(0, 1)),
                name="wallet_charges_within_the_law",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PaymentTerms(models.Model):
    """A condição de pagamento: which days are due days."""

    name = models.CharField(max_length=120)
    due_rule = models.CharField(max_length=10)
    interval_days = models.PositiveSmallIntegerField(null=True)
    custom_dates = ArrayField(models.DateField(), default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="payment_terms_once"),
            models.CheckConstraint(
                condition=Q(due_rule=DueRule.FIXED_DAY.value, interval_days=None, custom_dates=[])
                | Q(due_rule=DueRule.INTERVAL.value, interval_days__gte=0, custom_dates=[])
                | (Q(due_rule=DueRule.CUSTOM.value, interval_days=None) & ~Q(custom_dates=[])),
                name="payment_terms_complete",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BillingType(models.Model):
    """A tipo de cobrança: timing, base, periodicity, terms and the first invoice."""

    name = models.CharField(max_length=120)
    timing = models.CharField(max_length=10)
    base = models.CharField(max_length=12)
    period_unit = models.CharField(max_length=6, default=PeriodUnit.MONTH.value)
    period_count = models.PositiveSmallIntegerField(default=1)
    payment_terms = models.ForeignKey(PaymentTerms, on_delete=models.PROTECT)
    first_invoice = models.CharField(max_length=8, default=FirstInvoice.FIRST.value)
    first_divisor = models.CharField(max_length=8, default=Divisor.ACTUAL.value)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="billing_type_once"),
            models.CheckConstraint(
                condition=Q(
                    timing__in=values(Timing),
                    base__in=values(PeriodBase),
                    period_unit__in=values(PeriodUnit),
                    first_invoice__in=values(FirstInvoice),
                    first_divisor__in=values(Divisor),
                ),
                name="billing_type_codes",
            ),
            models.CheckConstraint(
                condition=Q(period_count__range=(1, 400)), name="billing_type_period_count"
            ),
            models.CheckConstraint(
                condition=~Q(base=PeriodBase.CALENDAR.value, period_unit=PeriodUnit.DAY.value),
                name="billing_type_calendar_in_months",
            ),
            models.CheckConstraint(
                condition=~Q(first_divisor=Divisor.THIRTY.value, period_unit=PeriodUnit.DAY.value),
                name="billing_type_thirty_in_months",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SalePlan(models.Model):
    """A plano de venda: the template that a sale copies into a contract."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True, related_name="+")
    billing_type = models.ForeignKey(BillingType, on_delete=models.PROTECT)
    wallet = models.ForeignKey(Wallet, on_delete=models.PROTECT, null=True)
    template = models.ForeignKey(DocumentTemplate, on_delete=models.PROTECT, null=True)
    tier = models.SmallIntegerField(default=0)
    loyalty_months = models.PositiveSmallIntegerField(default=0)
    loyalty_benefit_cents = models.BigIntegerField(default=0)
    validity_months = models.PositiveSmallIntegerField(null=True)
    renews = models.BooleanField(default=True)
    activation_fee_cents = models.BigIntegerField(default=0)
    activation_instalments = models.PositiveSmallIntegerField(default=1)
    activation_product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, related_name="+"
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("code"), name="sale_plan_code_once"),
            models.CheckConstraint(
                condition=Q(
                    activation_fee_cents__gte=0,
                    activation_instalments__range=(1, 60),
                    loyalty_benefit_cents__gte=0,
                ),
                name="sale_plan_amounts",
            ),
            models.CheckConstraint(
                condition=Q(activation_fee_cents=0) | Q(activation_product__isnull=False),
                name="sale_plan_fee_has_a_product",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SalePlanItem(models.Model):
    """One product of a sale plan, with its price per month (or per cycle)."""

    sale_plan = models.ForeignKey(SalePlan, on_delete=models.CASCADE, related_name="items")
    product = models.ForeignKey(Product, on_delete=models.PROTECT)
    description = models.CharField(max_length=120)
    quantity = models.DecimalField(max_digits=12, decimal_places=3, default=1)
    price_cents = models.BigIntegerField()
    cycle_price_cents = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(price_cents__gte=0, quantity__gt=0)
                & (Q(cycle_price_cents=None) | Q(cycle_price_cents__gte=0)),
                name="sale_plan_item_amounts",
            ),
        ]

    def __str__(self) -> str:
        return self.description


class PriceIndex(models.Model):
    """What a price index, such as IPCA, varied in one month, in percent; `month` is its first day.

    12 of them accumulate to a yearly readjustment.
    """

    code = models.CharField(max_length=12)
    month = models.DateField()
    percent = models.DecimalField(max_digits=7, decimal_places=4)

    class Meta:
        constraints = [
            # an index has one variation a month
            models.UniqueConstraint(fields=["code", "month"], name="price_index_once_a_month"),
            models.CheckConstraint(
                condition=Q(month__day=1), name="price_index_month_by_its_first_day"
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Z][A-Z0-9-]*$"), name="price_index_code"
            ),
            models.CheckConstraint(
                condition=Q(percent__range=(-50, 100)), name="price_index_percent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.month:%m/%Y}"
