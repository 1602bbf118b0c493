"""The troca de titularidade: what stays with the former holder of a contract, what goes along.

What was issued stays the debt of who was served. Invoices of periods that have not begun may be
cancelled instead, so that the next close bills those periods to the new holder.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from vigente.domain.lifecycle import STATUS_WORDS, ContractStatus
from vigente.domain.periods import Period

MAY_PASS = (ContractStatus.PRE, ContractStatus.ACTIVE)


class HolderChangeRefused(ValueError):
    """O contrato não pode passar a outro cliente assim; `field` é o campo a corrigir."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A customer who holds the contract, or is to hold it."""

    customer_id: int
    name: str
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedTo:
    """An invoice of the holder that is open, or whose period has not begun; of a sale, no period.

    `open_cents` is its part of what its receivable has open; `receivable_paid_cents` is what was
    paid of the whole receivable.
    """

    invoice_id: int
    receivable_id: int
    period: Period | None
    due_on: date
    total_cents: int
    open_cents: int
    receivable_paid_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A contract as its present holder has it."""

    contract_id: int
    status: ContractStatus
    holder: Party
    invoices: tuple[IssuedTo, ...]
    open_alteration: int | None = None
    awaits_signature: bool = False
    has_pix_recurrence: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderPlan:
    """What passing the contract on does: `on` is the first day of the new holder."""

    contract_id: int
    former: Party
    to: Party
    on: date
    stays: tuple[IssuedTo, ...]
    cancelled: tuple[IssuedTo, ...]
    ends_pix_recurrence: bool = False

    @property
    def owed_cents(self) -> int:
        """Return what the former holder still owes of this contract."""
        return sum(invoice.open_cents for invoice in self.stays)

    @property
    def not_begun(self) -> tuple[IssuedTo, ...]:
        """Return what stays although its period has not begun: it might be cancelled."""
        return not_begun(self.stays, on=self.on)

    @property
    def credit_cents(self) -> int:
        """Return what was paid of the cancelled receivables: it becomes the former's credit."""
        paid = {one.receivable_id: one.receivable_paid_cents for one in self.cancelled}
        return sum(paid.values())


def not_begun(invoices: Sequence[IssuedTo], *, on: date) -> tuple[IssuedTo, ...]:
    """Return the invoices of periods that begin on the day or after it.

    >>> january = Period(date(2026, 1, 10), date(2026, 2, 10))
    >>> one = IssuedTo(invoice_id=1, receivable_id=1, period=january, due_on=date(2026, 1, 10),
    ...                total_cents=100, open_cents=100, receivable_paid_cents=0)
    >>> len(not_begun([one], on=date(2026, 1, 10))), len(not_begun([one], on=date(2026, 1, 11)))
    (1, 0)
    """
    return tuple(one for one in invoices if one.period is not None and one.period.start >= on)


def refuse_contract(held: Held) -> None:
    """Refuse a contract that may pass to nobody now.

    :raises HolderChangeRefused: if it ended, is being altered, or awaits a signature.
    """
    if held.status not in MAY_PASS:
        raise HolderChangeRefused(
            f"O contrato está {STATUS_WORDS[held.status]}: só um contrato ativo ou em pré-contrato "
            "troca de titular."
        )
    if held.open_alteration is not None:
        raise HolderChangeRefused(
            f"A alteração {held.open_alteration} deste contrato está aberta, combinada com o "
            "titular de agora. Conclua-a ou descarte-a antes de trocar o titular."
        )
    if held.awaits_signature:
        raise HolderChangeRefused(
            "Um documento deste contrato espera a assinatura do titular de agora. Espere por ela, "
            "ou cancele o pedido na aba Documentos, antes de trocar o titular."
        )


def plan_change(held: Held, *, to: Party, on: date, cancels_not_begun: bool) -> HolderPlan:
    """Return what becomes of each invoice when the contract passes to another customer.

    :raises HolderChangeRefused: for a contract that ended or that is being altered, or a customer
        who is inactive or holds it already.
    """
    refuse_contract(held)
    if to.customer_id == held.holder.customer_id:
        raise HolderChangeRefused(f"{to.name} já é o titular deste contrato. Escolha outro.")
    if not to.is_active:
        raise HolderChangeRefused(
            f"O cliente {to.name} está inativo. Reative o cadastro antes de passar o contrato."
        )
    cancelled = not_begun(held.invoices, on=on) if cancels_not_begun else ()
    return HolderPlan(
        contract_id=held.contract_id,
        former=held.holder,
        to=to,
        on=on,
        stays=tuple(invoice for invoice in held.invoices if invoice not in cancelled),
        cancelled=cancelled,
        ends_pix_recurrence=held.has_pix_recurrence,
    )
