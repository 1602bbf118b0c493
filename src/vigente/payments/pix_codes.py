"""The static Pix of a receivable: the code that asks for what is owed of it on a day."""

from dataclasses import dataclass

from vigente.billing.models import Receivable
from vigente.domain import brcode
from vigente.domain.codes import PaymentForm
from vigente.domain.late_charges import Charges

BY_PIX = (PaymentForm.PIX.value, PaymentForm.BOLETO_PIX.value)


@dataclass(frozen=True, slots=True)
class PixCode:
    """What is pasted or drawn, and the amount that it asks for."""

    text: str
    cents: int


def code_of(receivable: Receivable, charged: Charges, *, is_in_time: bool) -> PixCode | None:
    """Return the code of what is owed, or None where it is not paid by Pix or not owed at all.

    In time the discount for paying by the due date is taken off.
    """
    wallet = receivable.wallet
    if wallet.payment_form not in BY_PIX or not wallet.pix_key:
        return None
    if receivable.cancelled_on is not None or receivable.is_settled:
        return None
    discount = receivable.discount_until_due_cents - receivable.discounted_cents
    cents = receivable.open_cents + charged.cents - (discount if is_in_time else 0)
    if cents <= 0:
        return None
    text = brcode.static_code(
        key=wallet.pix_key,
        name=receivable.branch.name,
        city=receivable.branch.city,
        amount_cents=cents,
        reference=reference(receivable.pk),
    )
    return PixCode(text, cents)


def reference(receivable_id: int) -> str:
    """Return what comes back with the payment and names the receivable.

    >>> reference(17)
    'VG17'
    """
    return f"VG{receivable_id}"
