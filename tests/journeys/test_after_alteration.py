"""What follows an alteration: the message, the Pix recurrence, the signature and the access."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.apps.test_payment_promises import refused_by
from tests.journeys import signing_scenario as scenario
from tests.journeys.altering import ON, alter, asker, begin, choose, conclude, the_manuals, to_plan
from tests.provider import ATTENDANT, NOW, Provider
from vigente.access.models import WantedAccess
from vigente.alterations.asking import Asked
from vigente.alterations.models import Alteration
from vigente.catalog.models import Product, SalePlan
from vigente.contracts.models import CancellationReason, Contract
from vigente.customers.models import Contact
from vigente.documents.models import DealtRefusal, DocumentTemplate, SignatureRequest
from vigente.domain.alteration_plan import AlterationRefused
from vigente.domain.codes import (
    AlterationDefinition,
    DifferencePolicy,
    SignatureKind,
    TemplateKind,
)
from vigente.domain.parameters import CUT_UNSIGNED, Scope
from vigente.gateways.pix.fake import FilePixRecurrences
from vigente.journeys import access, alteration, daily, signing, termination
from vigente.journeys.alteration import UnreachableSigner
from vigente.outbox import delivery
from vigente.outbox.models import Effect
from vigente.parameters import actions as parameters
from vigente.payments import recurrences
from vigente.payments.models import PixRecurrence
from vigente.worker.handlers import HANDLERS

pytestmark = pytest.mark.django_db
FAST, SLOW = 600_000, 200_000


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path: Path) -> None:  # noqa: ANN001
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MESSAGES_FOLDER = tmp_path / "messages"
    settings.PIX_FOLDER = tmp_path / "pix"


@pytest.fixture
def contract(isp: Provider) -> Contract:
    choose(isp, DifferencePolicy.PERIOD_BALANCE)
    isp.internet.download_kbps = SLOW
    isp.internet.save()
    customer = isp.customer()
    Contact.objects.create(customer=customer, kind=Contact.EMAIL, value="marina@example.com")
    return the_manuals(isp, 4990, customer=customer)


@pytest.fixture
def faster(isp: Provider) -> SalePlan:
    plan = isp.plan(price_cents=8990)
    product = Product.objects.create(
        code="INT600",
        name="Internet 600",
        kind="INTERNET",
        tax_class="SCM",
        download_kbps=FAST,
    )
    plan.items.update(product=product)
    return plan


@pytest.fixture
def template(db: None) -> DocumentTemplate:
    return DocumentTemplate.objects.create(
        name="Termo",
        kind=TemplateKind.ADDENDUM.value,
        body="De {{ alteracao.plano_anterior }} para {{ alteracao.plano_novo }}.\n\n"
        "{{ alteracao.diferenca }}: {{ alteracao.conta }}\n\n{{ alteracao.itens }}",
    )


def digital(contract: Contract, plan: SalePlan, template: DocumentTemplate) -> Alteration:
    return alter(
        contract,
        to_plan(plan),
        definition=AlterationDefinition.ADDENDUM,
        signature=SignatureKind.DIGITAL,
        template_id=template.pk,
    )


def access_of(contract: Contract) -> tuple[str, int]:
    wanted = WantedAccess.objects.get(contract=contract)
    return wanted.state, wanted.kbps


def deliver() -> None:
    delivery.deliver_due(now=NOW + timedelta(minutes=5), handlers=HANDLERS)


def test_the_customer_is_told_each_amount_and_its_reason(
    contract: Contract, faster: SalePlan
) -> None:
    done = alter(contract, to_plan(faster))

    effect = Effect.objects.get(key=f"alteration {done.pk} confirmed")
    assert effect.payload["to"] == "marina@example.com"
    text = str(effect.payload["text"])
    assert f"Plano: de {done.sale_plan_before} para {faster}." in text
    assert "Valor mensal: de R$ 49,90 para R$ 89,90, a partir de 13/07/2025." in text
    assert "R$ 36,13 cobrados na próxima fatura (R$ 4,83 + R$ 81,20 − R$ 49,90 = R$ 36,13)" in text
    assert "Próxima fatura: R$ 126,03, vence em 10/09/2025." in text


def test_who_cannot_be_reached_is_not_written_to(isp: Provider) -> None:
    choose(isp, DifferencePolicy.PERIOD_BALANCE)

    alter(the_manuals(isp, 4990), to_plan(isp.plan(price_cents=8990)))

    assert not Effect.objects.filter(kind="MESSAGE").exists()


def test_a_changed_due_day_ends_the_pix_recurrence_and_invites_anew(
    contract: Contract,
    settings,  # noqa: ANN001
) -> None:
    former = recurrences.invite(contract, now=NOW)
    deliver()

    alter(contract, Asked(on=ON, due_day=20))

    former.refresh_from_db()
    assert (former.status, former.end_reason) == ("CANCELLED", "mudança do dia de vencimento")
    again = PixRecurrence.objects.get(status="AWAITING_APPROVAL")
    assert again.due_day == 20
    deliver()
    again.refresh_from_db()
    supplier = FilePixRecurrences(settings.PIX_FOLDER)
    assert former.recurrence_id is not None
    assert again.recurrence_id is not None
    assert not supplier.is_standing(former.recurrence_id)
    assert supplier.is_standing(again.recurrence_id)


def test_an_alteration_that_keeps_the_due_day_keeps_the_recurrence(
    contract: Contract, faster: SalePlan
) -> None:
    former = recurrences.invite(contract, now=NOW)

    alter(contract, to_plan(faster))

    former.refresh_from_db()
    assert former.status == "AWAITING_APPROVAL"


def test_undoing_a_due_day_lets_the_recurrence_follow_it_back(contract: Contract) -> None:
    recurrences.invite(contract, now=NOW)
    done = alter(contract, Asked(on=ON, due_day=20))

    alteration.undo(done.pk, reason="engano", asker=asker())

    assert PixRecurrence.objects.get(status="AWAITING_APPROVAL").due_day == 10


def test_a_contract_has_one_standing_recurrence(contract: Contract) -> None:
    recurrences.invite(contract, now=NOW)

    with pytest.raises(recurrences.RecurrenceStands):
        recurrences.invite(contract, now=NOW)
    with refused_by("one_standing_pix_recurrence"):
        PixRecurrence.objects.create(contract=contract, created_at=NOW)


@pytest.mark.parametrize(
    ("columns", "promise"),
    [
        ({"status": "GONE"}, "pix_recurrence_status"),
        ({"status": "CANCELLED"}, "pix_recurrence_that_ended_says_when"),
    ],
)
def test_promises_of_recurrences(contract: Contract, columns: dict[str, str], promise: str) -> None:
    recurrences.invite(contract, now=NOW)
    with refused_by(promise):
        PixRecurrence.objects.update(**columns)


def test_the_access_follows_the_plan_at_once(contract: Contract, faster: SalePlan) -> None:
    assert access_of(contract) == ("ACTIVE", SLOW)

    done = alter(contract, to_plan(faster))
    assert access_of(contract) == ("ACTIVE", FAST)

    alteration.undo(done.pk, reason="engano", asker=asker())
    assert access_of(contract) == ("ACTIVE", SLOW)


def test_the_old_access_goes_on_until_the_customer_signs(
    contract: Contract, faster: SalePlan, template: DocumentTemplate
) -> None:
    done = digital(contract, faster, template)

    assert done.document is not None
    assert "R$ 36,13 cobrados na próxima fatura" in done.document.html
    assert access_of(contract) == ("AWAITING_SIGNATURE", SLOW)

    sign(done)

    assert access_of(contract) == ("ACTIVE", FAST)


def sign(done: Alteration) -> None:
    """Let the customer open the link, ask for the code and sign."""
    document, customer = done.document, done.contract.customer
    assert document is not None
    deliver()
    link = [message for message in scenario.sent() if "/assinar/" in message.text][-1]
    token = scenario.link_in(link)
    now = NOW + timedelta(minutes=6)
    signing.send_code(token, contact_id=customer.contacts.get().pk, now=now)
    code = scenario.code_in(scenario.deliver(now=now))
    signing.sign(
        token,
        code=code,
        text_sha256=document.text_sha256,
        visitor=scenario.PHONE,
        site=scenario.SITE,
        now=now,
    )


@pytest.mark.parametrize(("cuts", "kbps"), [(False, SLOW), (True, 0)])
def test_what_was_not_signed_in_time_waits_or_is_cut(
    isp: Provider,
    contract: Contract,
    faster: SalePlan,
    template: DocumentTemplate,
    cuts: bool,
    kbps: int,
) -> None:
    parameters.set_value(
        CUT_UNSIGNED,
        cuts,
        scope=Scope.BRANCH,
        scope_id=isp.branch.pk,
        by=ATTENDANT,
        now=NOW,
    )
    done = digital(contract, faster, template)
    expired_at = NOW + timedelta(days=40)

    assert signing.expire_due(isp.branch.pk, now=expired_at) == 1

    assert access_of(contract) == ("AWAITING_SIGNATURE", kbps)
    alteration.undo(done.pk, reason="não assinou", asker=asker())
    assert access_of(contract) == ("ACTIVE", SLOW)
    assert DealtRefusal.objects.get().note == "alteração desfeita"


def test_undoing_asks_no_more_for_the_signature(
    contract: Contract, faster: SalePlan, template: DocumentTemplate
) -> None:
    done = digital(contract, faster, template)

    alteration.undo(done.pk, reason="engano", asker=asker())

    assert SignatureRequest.objects.get(document=done.document).status == "CANCELLED"
    assert access_of(contract) == ("ACTIVE", SLOW)


def test_a_printed_document_leaves_the_access_alone(
    contract: Contract, faster: SalePlan, template: DocumentTemplate
) -> None:
    done = alter(
        contract,
        to_plan(faster),
        definition=AlterationDefinition.ADDENDUM,
        template_id=template.pk,
    )

    assert done.document is not None
    assert access_of(contract) == ("ACTIVE", FAST)
    assert not SignatureRequest.objects.exists()


def test_who_cannot_be_sent_a_link_is_told_to_staff(
    isp: Provider, faster: SalePlan, template: DocumentTemplate
) -> None:
    choose(isp, DifferencePolicy.PERIOD_BALANCE)
    contract = the_manuals(isp, 4990)
    draft = begin(
        contract,
        definition=AlterationDefinition.ADDENDUM,
        signature=SignatureKind.DIGITAL,
        template_id=template.pk,
    )
    alteration.keep(draft, to_plan(faster))

    with pytest.raises(UnreachableSigner, match="não tem e-mail nem telefone"):
        conclude(draft)

    assert contract.plans.count() == 1


def test_an_ended_contract_has_no_access(isp: Provider, contract: Contract) -> None:
    reason = CancellationReason.objects.create(name="Mudança")
    termination.terminate(
        contract.pk,
        ends_on=ON,
        today=ON,
        reason_id=reason.pk,
        note="",
        by=ATTENDANT,
        now=NOW,
    )

    assert access_of(contract) == ("DISABLED", 0)


def test_a_temporary_alteration_gives_the_speed_back_on_its_day(
    isp: Provider, contract: Contract, faster: SalePlan
) -> None:
    until = date(2025, 7, 23)
    alter(contract, to_plan(faster, until=until))
    assert access_of(contract) == ("ACTIVE", FAST)

    assert access.sweep(isp.branch.pk, today=until, now=NOW) == [contract.pk]

    assert access_of(contract) == ("ACTIVE", SLOW)
    assert access.sweep(isp.branch.pk, today=until, now=NOW) == []


def test_a_contract_without_a_derived_access_gets_one_by_the_day(
    isp: Provider, contract: Contract
) -> None:
    WantedAccess.objects.all().delete()

    daily.work(now=NOW)

    assert access_of(contract) == ("ACTIVE", SLOW)


@pytest.mark.parametrize(
    ("columns", "promise"),
    [
        ({"state": "GONE"}, "wanted_access_codes"),
        ({"state": "DISABLED"}, "wanted_access_disabled_has_no_speed"),
        ({"kbps": -1}, "wanted_access_disabled_has_no_speed"),
    ],
)
def test_promises_of_the_access(
    contract: Contract, columns: dict[str, str | int], promise: str
) -> None:
    with refused_by(promise):
        WantedAccess.objects.update(**columns)


def test_a_contract_whose_signature_is_asked_for_is_not_altered_again(
    isp: Provider, contract: Contract, faster: SalePlan, template: DocumentTemplate
) -> None:
    done = digital(contract, faster, template)
    draft = begin(contract)
    alteration.keep(draft, to_plan(isp.plan(price_cents=9990)))

    with pytest.raises(AlterationRefused, match=f"A alteração {done.pk} deste contrato"):
        conclude(draft)


def test_the_speed_before_the_first_unsigned_alteration_goes_on(
    isp: Provider, contract: Contract, faster: SalePlan, template: DocumentTemplate
) -> None:
    first = digital(contract, faster, template)
    request = SignatureRequest.objects.get(document=first.document)
    signing.cancel(request.pk, reason="outro plano", by=ATTENDANT, now=NOW)
    product = Product.objects.create(
        code="INT900", name="Internet 900", kind="INTERNET", tax_class="SCM", download_kbps=900_000
    )
    fastest = isp.plan(price_cents=9990)
    fastest.items.update(product=product)

    second = digital(contract, fastest, template)

    assert access_of(contract) == ("AWAITING_SIGNATURE", SLOW)
    sign(second)
    assert access_of(contract) == ("ACTIVE", 900_000)
