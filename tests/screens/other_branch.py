"""Something of each kind that belongs to another branch, by the names of the addresses' ids."""

from datetime import date, timedelta

from allauth.usersessions.models import UserSession

from tests.apps.money import give_back, owe, pay
from tests.banking import TODAY, bank_account, read
from tests.journeys import altering
from tests.provider import NOW, Provider, provider
from vigente.alterations.mass import Asked
from vigente.alterations.mass import Choice as MassChoice
from vigente.audit.actor import Actor
from vigente.billing.facts import Choice
from vigente.daily.models import DailyRun
from vigente.documents import signatures
from vigente.documents.models import DocumentTemplate, IssuedDocument
from vigente.domain.close_plan import CloseTerms
from vigente.domain.codes import DocumentKind, MassKind
from vigente.domain.files import AttachmentKind
from vigente.domain.signature import SignatureProvider
from vigente.gateways.boleto.fake import Told
from vigente.imports.models import ImportRun
from vigente.journeys import attachments as journey
from vigente.journeys import documents, mass_alteration, month_close
from vigente.outbox import actions as outbox
from vigente.outbox.actions import NewEffect
from vigente.outbox.models import Effect
from vigente.payments import desks
from vigente.payments.bank_models import Remittance
from vigente.payments.models import CashDesk
from vigente.staff import actions as staff
from vigente.staff.models import Seller

STRANGER = Actor(None, "outra filial")


def ids_of_another_branch() -> dict[str, int | str]:
    """Make a branch with something of each kind, and return the ids."""
    return ids_of_each(provider(code="OUTRA"))


def ids_of_each(isp: Provider) -> dict[str, int | str]:
    """Make them, and return their ids; an address with an id of a new kind needs its line here."""
    contract = isp.activate(on=date(2026, 1, 20))
    run = month_close.begin(
        terms=CloseTerms(issued_on=date(2026, 2, 1), due_until=date(2026, 2, 28)),
        choice=Choice(branch_id=isp.branch.pk),
        reference_month=None,
        by=STRANGER,
        at=NOW,
    )
    altered = mass_alteration.begin(
        Asked(kind=MassKind.PERCENT, on=date(2026, 2, 1), percents_e4=(50_000,)),
        MassChoice(branch_id=isp.branch.pk),
        by=STRANGER,
        at=NOW,
    )
    attached = journey.attach(
        contract, [b"%PDF-1.7"], name="rg.pdf", kind=AttachmentKind.IDENTITY, by=STRANGER, now=NOW
    )
    owed = owe(contract)
    refund = give_back(contract)
    return _bank_of(isp) | {
        "attachment_id": attached.pk,
        "document_id": _document_of(contract.pk).pk,
        "signature_id": _signature_of(contract.pk),
        "contract_id": contract.pk,
        "item_id": contract.items.get().pk,
        "run_id": run.pk,
        "mass_id": altered.pk,
        "receivable_id": owed.pk,
        "invoice_id": owed.invoices.get().pk,
        "receipt_id": pay(owed, 9000, key=isp.branch.code).pk,
        "daily_run_id": DailyRun.objects.create(
            branch=isp.branch, day=date(2026, 2, 1), began_at=NOW, error="parou"
        ).pk,
        "import_id": ImportRun.objects.create(
            sheet="clientes", file_name="outra.csv", sha256="", by_user_id=10**9, at=NOW
        ).pk,
        "effect_id": _effect(isp),
        "customer_id": contract.customer_id,
        "refund_id": refund.pk,
        "desk_id": _desk_of(isp).pk,
        "branch_id": isp.branch.pk,
        "user_id": 10**9,  # only administrators see people, and those see all branches
        "plan_id": _plan_of_the_branch(isp),
        "sale_plan_id": _plan_of_the_branch(isp),
        "wallet_id": isp.wallet.pk,
        "seller_id": Seller.objects.create(branch=isp.branch, name="Caio").pk,
        "price_index_id": 10**9,
        "product_id": 10**9,  # products, terms and billing types belong to all branches
        "cancellation_reason_id": 10**9,
        "document_template_id": 10**9,
        "payment_terms_id": 10**9,
        "billing_type_id": 10**9,
        "session_id": _session_of_somebody(isp),
        "alteration_id": altering.begin(contract, today=date(2026, 2, 1)).pk,
    }


def _bank_of(isp: Provider) -> dict[str, int | str]:
    account = bank_account(isp, number=f"{isp.branch.pk:05}")
    remittance = Remittance.objects.create(
        account=account, sequence=1, content=b"0", sha256="", count=1, at=NOW
    )
    stranger = Told(number="77777777", code="06", on=TODAY, title_cents=100, paid_cents=100)
    file = read(account, [stranger])
    return {
        "remittance_id": remittance.pk,
        "return_id": file.pk,
        "record_id": file.records.get().pk,
    }


def _document_of(contract_id: int) -> IssuedDocument:
    template, _ = DocumentTemplate.objects.get_or_create(
        name=f"Adesão {contract_id}", kind="CONTRACT", body="Contrato de {{ cliente.nome }}."
    )
    return documents.issue(
        contract_id, kind=DocumentKind.CONTRACT, template_id=template.pk, by=STRANGER, now=NOW
    )


def _signature_of(contract_id: int) -> int:
    asked = signatures.Asked(
        signer_name="Marina Alves",
        signer_tax_id="52998224725",
        channel="EMAIL",
        sent_to="marina@example.com",
        provider=SignatureProvider.BUILT_IN,
        expires_at=NOW + timedelta(days=15),
    )
    document = _document_of(contract_id)
    request = signatures.ask(document, asked, by_user_id=None, by_name="outra filial", now=NOW)
    signatures.expire(request, now=NOW + timedelta(days=16))
    return request.pk


def _effect(isp: Provider) -> int:
    outbox.enqueue(
        [NewEffect(key=isp.branch.code, kind="MESSAGE", branch_id=isp.branch.pk)], now=NOW
    )
    return Effect.objects.get(key=isp.branch.code).pk


def _plan_of_the_branch(isp: Provider) -> int:
    plan = isp.plan(branch=isp.branch)
    return plan.pk


def _desk_of(isp: Provider) -> CashDesk:
    operator = staff.create_user(
        email=f"desk.{isp.branch.code.lower()}@example.com",
        name="Olga",
        password="abacate-verde",
        branches=[isp.branch],
    )
    return desks.open_one(branch_id=isp.branch.pk, operator_id=operator.pk, opening_cents=0, at=NOW)


def _session_of_somebody(isp: Provider) -> int:
    somebody = staff.create_user(
        email=f"session.{isp.branch.code.lower()}@example.com",
        name="Outra",
        password="abacate-roxo",
        branches=[isp.branch],
    )
    made = UserSession.objects.create(
        user=somebody, ip="192.0.2.1", session_key=isp.branch.code * 6, user_agent="Firefox/130.0"
    )
    pk: int = made.pk
    return pk
