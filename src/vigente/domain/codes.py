"""Stored codes: upper-case words, shared by the rules, the tables and the screens."""

from collections.abc import Mapping
from enum import StrEnum


def values(codes: type[StrEnum]) -> list[str]:
    """Return the stored values of `codes`, for a column's check constraint."""
    return [code.value for code in codes]


class ProductKind(StrEnum):
    """What a product is, as the provider sells it."""

    INTERNET = "INTERNET"
    TELEPHONY = "TELEPHONY"
    TV = "TV"
    SVA = "SVA"
    SERVICE = "SERVICE"
    RENTAL = "RENTAL"
    FEE = "FEE"


class TaxClass(StrEnum):
    """Which fiscal document and which taxes a line belongs to."""

    SCM = "SCM"  # broadband (serviço de comunicação multimídia)
    STFC = "STFC"  # telephony
    SEAC = "SEAC"  # pay TV
    SVA = "SVA"  # value-added service
    ISS = "ISS"  # municipal services
    RENTAL = "RENTAL"  # rental of goods: no service tax
    NONE = "NONE"  # fines, credits: no tax


class TemplateKind(StrEnum):
    """What is printed from a template."""

    CONTRACT = "CONTRACT"
    ADDENDUM = "ADDENDUM"


class DocumentKind(StrEnum):
    """What an issued document is; an ALTERATION may be printed as a contract or as an addendum."""

    CONTRACT = "CONTRACT"
    ADDENDUM = "ADDENDUM"
    ALTERATION = "ALTERATION"


PRINTED_FROM: Mapping[DocumentKind, frozenset[TemplateKind]] = {
    DocumentKind.CONTRACT: frozenset({TemplateKind.CONTRACT}),
    DocumentKind.ADDENDUM: frozenset({TemplateKind.ADDENDUM}),
    DocumentKind.ALTERATION: frozenset(TemplateKind),
}


class ItemKind(StrEnum):
    """Where an item of a contract comes from, as the manual's tabs divide them."""

    PLAN = "PLAN"
    ADDITIONAL = "ADDITIONAL"
    DISCOUNT = "DISCOUNT"


class Charge(StrEnum):
    """How often an item is charged."""

    RECURRING = "RECURRING"  # every period in which it is in force, prorated
    TIMES = "TIMES"  # a whole amount on each of n invoices; n = 1 is "once"
    INSTALMENTS = "INSTALMENTS"  # a total divided over n invoices


class ServiceKind(StrEnum):
    """What an additional service is for; only a speed upgrade means something to the network."""

    ACCESS_POINT = "ACCESS_POINT"
    SPEED_UPGRADE = "SPEED_UPGRADE"  # temporary: it has a last day
    SUPPORT = "SUPPORT"
    SUBSCRIPTION = "SUBSCRIPTION"
    OTHER = "OTHER"


class ItemOrigin(StrEnum):
    """What brought an item into a contract."""

    SALE = "SALE"
    STAFF = "STAFF"
    IMPORT = "IMPORT"
    ACTIVATION_FEE = "ACTIVATION_FEE"
    ADJUSTMENT = "ADJUSTMENT"
    ALTERATION = "ALTERATION"
    PENALTY = "PENALTY"


class InvoiceKind(StrEnum):
    """PERIOD: what one contract owes for one service period; SINGLE: anything else."""

    PERIOD = "PERIOD"
    SINGLE = "SINGLE"


class InvoiceOrigin(StrEnum):
    """What issued an invoice."""

    CLOSE = "CLOSE"
    ACTIVATION = "ACTIVATION"
    TERMINATION = "TERMINATION"
    STAFF = "STAFF"
    IMPORT = "IMPORT"


class LineKind(StrEnum):
    """What a line of an invoice stands for."""

    PLAN = "PLAN"
    ADDITIONAL = "ADDITIONAL"
    DISCOUNT = "DISCOUNT"
    FEE = "FEE"
    ADJUSTMENT = "ADJUSTMENT"
    CARRIED_IN = "CARRIED_IN"
    CARRIED_OUT = "CARRIED_OUT"


class CustomerKind(StrEnum):
    """A natural person (CPF) or a company (CNPJ)."""

    PERSON = "PERSON"
    COMPANY = "COMPANY"


class HoldReason(StrEnum):
    """Why a run left a contract's period for later."""

    CEILING = "CEILING"
    SIGNATURE = "SIGNATURE"
    OPEN_RECEIVABLES = "OPEN_RECEIVABLES"
    BACK_PERIODS = "BACK_PERIODS"
    MISSING_DATA = "MISSING_DATA"
    SCHEDULE_USED_UP = "SCHEDULE_USED_UP"
    FAILED = "FAILED"


class CloseStatus(StrEnum):
    """SIMULATING -> SIMULATED -> RUNNING <-> PAUSED, RUNNING -> DONE; SIMULATED -> DISCARDED."""

    SIMULATING = "SIMULATING"
    SIMULATED = "SIMULATED"
    DISCARDED = "DISCARDED"
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    DONE = "DONE"


class ImportStatus(StrEnum):
    """UPLOADED -> CHECKING -> CHECKED -> RUNNING -> DONE or FAILED -> RUNNING; DISCARDED before.

    A check that finds other columns chosen begins again from UPLOADED.
    """

    UPLOADED = "UPLOADED"
    CHECKING = "CHECKING"
    CHECKED = "CHECKED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    DISCARDED = "DISCARDED"


class ChunkStatus(StrEnum):
    """The life of one chunk of a run: taken only inside the transaction that finishes it."""

    TODO = "TODO"
    DONE = "DONE"


class ReceivableState(StrEnum):
    """How a receivable stands on a day; read from its amounts and dates, never stored."""

    DUE = "DUE"
    OVERDUE = "OVERDUE"
    SETTLED = "SETTLED"
    CANCELLED = "CANCELLED"


class PaymentForm(StrEnum):
    """How a wallet asks its customers to pay."""

    BOLETO = "BOLETO"
    PIX = "PIX"
    BOLETO_PIX = "BOLETO_PIX"  # one bill, paid by its line or by its QR code
    CARD = "CARD"
    COUNTER = "COUNTER"  # at the provider's own desk


class ReceiptChannel(StrEnum):
    """How money came in."""

    MANUAL = "MANUAL"
    IMPORT = "IMPORT"
    BANK = "BANK"


class BoletoStatus(StrEnum):
    """How a boleto stands at the bank."""

    TO_REGISTER = "TO_REGISTER"
    SENT = "SENT"
    REGISTERED = "REGISTERED"
    REFUSED = "REFUSED"
    PAID = "PAID"
    CANCELLED = "CANCELLED"


class OrderKind(StrEnum):
    """What a bank is asked to do with a boleto."""

    REGISTER = "REGISTER"
    CANCEL = "CANCEL"
    CHANGE_DUE = "CHANGE_DUE"
    CHANGE_AMOUNT = "CHANGE_AMOUNT"


class AnswerKind(StrEnum):
    """What a bank tells of a boleto."""

    REGISTERED = "REGISTERED"
    REFUSED = "REFUSED"
    PAID = "PAID"
    WRITTEN_OFF = "WRITTEN_OFF"
    CHANGED = "CHANGED"
    CHANGE_REFUSED = "CHANGE_REFUSED"
    OTHER = "OTHER"


class ReturnStatus(StrEnum):
    """How far a return file was read; one with broken lines waits to be told to take the rest."""

    WAITING = "WAITING"
    BROKEN = "BROKEN"
    READING = "READING"
    DONE = "DONE"
    REFUSED = "REFUSED"


class RecordOutcome(StrEnum):
    """What became of a record of a return file; the second row waits for a person."""

    WAITING = "WAITING"
    PAID = "PAID"
    NOTED = "NOTED"
    REPEATED = "REPEATED"
    UNKNOWN = "UNKNOWN"
    OF_CANCELLED = "OF_CANCELLED"
    ABSURD = "ABSURD"
    CREDITED = "CREDITED"
    DISMISSED = "DISMISSED"


class CreditKind(StrEnum):
    """What moved a customer's credit."""

    OVERPAYMENT = "OVERPAYMENT"
    RELEASED = "RELEASED"
    FINAL_INVOICE = "FINAL_INVOICE"
    USED = "USED"
    REVERSAL = "REVERSAL"
    REFUND = "REFUND"
    REFUND_UNDONE = "REFUND_UNDONE"


class DeskMovement(StrEnum):
    """Cash put into a desk (suprimento) or taken out of it (sangria)."""

    SUPPLY = "SUPPLY"
    WITHDRAWAL = "WITHDRAWAL"


class RecurrenceStatus(StrEnum):
    """How a Pix recurrence stands; the payer approves it at the bank."""

    AWAITING_APPROVAL = "AWAITING_APPROVAL"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"


class PaymentMeans(StrEnum):
    """What money is handed over as."""

    CASH = "CASH"
    PIX = "PIX"
    DEBIT_CARD = "DEBIT_CARD"
    CREDIT_CARD = "CREDIT_CARD"
    TRANSFER = "TRANSFER"
    CHEQUE = "CHEQUE"
    OTHER = "OTHER"


class DifferencePolicy(StrEnum):
    """How the difference of an alteration is reckoned; each branch chooses one."""

    MANUAL = "MANUAL"
    PERIOD_BALANCE = "PERIOD_BALANCE"


class DifferenceKind(StrEnum):
    """What the difference of an alteration makes on the next invoice."""

    CHARGE = "CHARGE"
    DISCOUNT = "DISCOUNT"
    NONE = "NONE"


class AlterationKind(StrEnum):
    """What an alteration is, told from what it changes; OT is ours, the others the manual's."""

    UP = "UP"
    SC = "SC"
    DW = "DW"
    AV = "AV"
    UV = "UV"
    DV = "DV"
    OT = "OT"


class AlterationDefinition(StrEnum):
    """What is signed for an alteration: a whole new contract, an addendum, or nothing."""

    CONTRACT = "CONTRACT"
    ADDENDUM = "ADDENDUM"
    NONE = "NONE"


class SignatureKind(StrEnum):
    """DIGITAL awaits the customer's signature, PRINTED leaves the access as it is."""

    DIGITAL = "DIGITAL"
    PRINTED = "PRINTED"


class AlterationStatus(StrEnum):
    """The life of an alteration: a draft is asked for, a scheduled one waits for its day."""

    DRAFT = "DRAFT"
    SCHEDULED = "SCHEDULED"
    CONFIRMED = "CONFIRMED"
    UNDONE = "UNDONE"
    DROPPED = "DROPPED"


class AlteredRole(StrEnum):
    """What an alteration did to an item or a plan of a contract.

    RESUMED begins when a temporary alteration is over; CHARGED is charged or given back once, on
    the next invoice; KEPT goes on under the new plan.
    """

    ENDED = "ENDED"
    STARTED = "STARTED"
    RESUMED = "RESUMED"
    CHARGED = "CHARGED"
    KEPT = "KEPT"


class AlterationRefusal(StrEnum):
    """Which precondition of an alteration fails."""

    CONTRACT_INACTIVE = "CONTRACT_INACTIVE"
    GROUPING_OFF = "GROUPING_OFF"
    NO_INVOICE = "NO_INVOICE"
    PREVIOUS_INVOICE_MISSING = "PREVIOUS_INVOICE_MISSING"
    CUSTOM_DUE_RULE = "CUSTOM_DUE_RULE"
    ALTERATION_OPEN = "ALTERATION_OPEN"
    POLICY_NOT_CHOSEN = "POLICY_NOT_CHOSEN"
    DAY_OUT_OF_REACH = "DAY_OUT_OF_REACH"
    TEMPORARY_SCHEDULE = "TEMPORARY_SCHEDULE"
    FOREIGN_ITEM = "FOREIGN_ITEM"
    NOTHING_CHANGES = "NOTHING_CHANGES"
    DUE_DAY = "DUE_DAY"
    TOO_MANY_DUE_DAYS = "TOO_MANY_DUE_DAYS"
    DUE_DAY_PENDING = "DUE_DAY_PENDING"
    CYCLE_PRICE = "CYCLE_PRICE"
    CEILING = "CEILING"


class MassKind(StrEnum):
    """What a mass alteration does to each contract."""

    PLAN = "PLAN"
    PERCENT = "PERCENT"
    INDEX = "INDEX"


class MassStatus(StrEnum):
    """The life of a mass alteration; simulations write nothing but their own figures."""

    SIMULATING = "SIMULATING"
    SIMULATED = "SIMULATED"
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    DONE = "DONE"
    DISCARDED = "DISCARDED"


class MassSkipReason(StrEnum):
    """Why a mass alteration leaves a contract as it is, beside an `AlterationRefusal`."""

    TOO_EARLY = "TOO_EARLY"
    NO_ACTIVATION = "NO_ACTIVATION"
    TEMPORARY = "TEMPORARY"
    SAME_PLAN = "SAME_PLAN"
    OTHER_BRANCH = "OTHER_BRANCH"
    SHORTFALL = "SHORTFALL"
    FAILED = "FAILED"
