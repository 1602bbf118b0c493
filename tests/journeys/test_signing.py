"""A signature: by who holds the link and the code, of the text that was issued, once, sealed."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from tests.journeys import signing_scenario as scenario
from tests.journeys.signing_scenario import NOW, PHONE, SITE, Asked, code_in, deliver, wrong
from tests.journeys.test_holder_change import pass_on
from tests.provider import ATTENDANT, Provider, provider
from vigente.audit.models import AuditEntry
from vigente.contracts import queries
from vigente.contracts.models import Contract
from vigente.documents import issuing, signatures, storage, suppliers
from vigente.documents.models import DealtRefusal, IssuedDocument, SignatureRequest
from vigente.documents.signatures import RequestSettled
from vigente.documents.storage import FileChanged
from vigente.domain.holder_change import HolderChangeRefused
from vigente.domain.parameters import SIGNATURE_DAYS, SIGNATURE_PROVIDER, Scope
from vigente.domain.signature import SignatureProvider, SignatureStatus
from vigente.journeys import activation, after_signature, daily, signing
from vigente.journeys.signing import LinkUseless, SignatureNotAsked, SigningRefused
from vigente.outbox.models import Effect
from vigente.parameters import actions as parameters

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path: Path) -> None:  # noqa: ANN001
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MESSAGES_FOLDER = tmp_path / "messages"


@pytest.fixture
def isp() -> Provider:
    return provider()


@pytest.fixture
def asked(isp: Provider) -> Asked:
    return scenario.ask(isp)


def code_by_phone(asked: Asked, *, now: datetime = NOW) -> str:
    signing.send_code(asked.token, contact_id=asked.phone.pk, now=now)
    return code_in(deliver(now=now))


def sign(asked: Asked, code: str, *, now: datetime = NOW, **more) -> SignatureRequest:
    told = {"text_sha256": asked.document.text_sha256, "visitor": PHONE, "site": SITE} | more
    return signing.sign(asked.token, code=code, now=now, **told)


def test_a_link_goes_out_and_the_contract_awaits_the_signature(asked: Asked) -> None:
    [message] = scenario.sent()

    assert message.to == "marina@example.com"
    assert f"{SITE}assinar/" in message.text
    assert "até 27/03/2026" in message.text
    awaited = queries.awaited_signature(asked.contract.pk)
    assert awaited == asked.request
    assert signing.opened(asked.token, now=NOW).document == asked.document


def test_a_document_is_signed_by_code_and_sealed(asked: Asked) -> None:
    request = sign(asked, code_by_phone(asked))

    assert request.status == SignatureStatus.SIGNED
    assert (request.ip, request.agent) == (PHONE.ip, PHONE.agent)
    assert (request.code_channel, request.code_to) == ("SMS", "31987654321")
    assert request.text_sha256 == asked.document.text_sha256
    sealed = signing.sealed_pdf(request)
    assert sealed.startswith(issuing.pdf_of(asked.document))
    assert suppliers.signatures(SignatureProvider.BUILT_IN).is_intact(sealed)
    assert queries.awaited_signature(asked.contract.pk) is None
    assert "Baixe a sua via" in deliver().text
    entry = AuditEntry.objects.get(action="signature given")
    assert (entry.by_name, entry.detail["sha256"]) == ("Marina Alves", request.sealed_sha256)


def test_the_first_signature_of_the_contract_is_noted(asked: Asked) -> None:
    """At 23:30 in Brazil it is the next day elsewhere."""
    late = datetime(2026, 3, 13, 2, 30, tzinfo=UTC)

    sign(asked, code_by_phone(asked, now=late), now=late)

    asked.contract.refresh_from_db()
    assert f"{asked.contract.signed_on}" == "2026-03-12"


def test_neither_link_nor_code_lies_in_the_database(asked: Asked) -> None:
    code = code_by_phone(asked)

    kept = json.dumps([*SignatureRequest.objects.values(), *Effect.objects.values()], default=str)
    assert asked.token not in kept
    assert f'"{code}"' not in kept


def test_a_wrong_code_is_counted_and_five_end_it(asked: Asked) -> None:
    code = code_by_phone(asked)

    for left in ("4 tentativas", "3 tentativas", "2 tentativas", "uma tentativa"):
        with pytest.raises(SigningRefused, match=left):
            sign(asked, wrong(code))
    with pytest.raises(SigningRefused, match="errados demais"):
        sign(asked, wrong(code))
    with pytest.raises(SigningRefused, match="errados demais"):
        sign(asked, code)

    later = NOW + timedelta(minutes=2)
    sign(asked, code_by_phone(asked, now=later), now=later)


def test_a_code_lasts_ten_minutes(asked: Asked) -> None:
    code = code_by_phone(asked)

    with pytest.raises(SigningRefused, match="venceu"):
        sign(asked, code, now=NOW + timedelta(minutes=10))


def test_only_the_last_code_serves(asked: Asked) -> None:
    first = code_by_phone(asked)
    later = NOW + timedelta(minutes=2)
    code_by_phone(asked, now=later)

    with pytest.raises(SigningRefused, match="não confere"):
        sign(asked, first, now=later)


def test_codes_are_not_sent_without_end(asked: Asked) -> None:
    code_by_phone(asked)
    with pytest.raises(SigningRefused, match="Espere um minuto"):
        code_by_phone(asked)

    for minute in range(1, 8):
        code_by_phone(asked, now=NOW + timedelta(minutes=minute))
    with pytest.raises(SigningRefused, match="link novo"):
        code_by_phone(asked, now=NOW + timedelta(minutes=30))


def test_a_code_goes_to_the_customers_contacts_alone(asked: Asked, isp: Provider) -> None:
    other = isp.customer("Outra").contacts.create(kind="EMAIL", value="outra@example.com")

    with pytest.raises(SigningRefused, match="para onde"):
        signing.send_code(asked.token, contact_id=other.pk, now=NOW)


def test_another_text_than_was_issued_is_not_signed(asked: Asked) -> None:
    code = code_by_phone(asked)

    with pytest.raises(SigningRefused, match="não é o do documento"):
        sign(asked, code, text_sha256="0" * 64)


def test_nothing_is_signed_without_a_code(asked: Asked) -> None:
    with pytest.raises(SigningRefused, match="Peça primeiro"):
        sign(asked, "000000")


def test_a_link_serves_once(asked: Asked) -> None:
    code = code_by_phone(asked)
    sign(asked, code)

    for again in (
        lambda: sign(asked, code),
        lambda: signing.opened(asked.token, now=NOW),
        lambda: signing.send_code(asked.token, contact_id=asked.phone.pk, now=NOW),
        lambda: signing.refuse(asked.token, reason="não", visitor=PHONE, now=NOW),
    ):
        with pytest.raises(LinkUseless) as useless:
            again()
        assert useless.value.status is SignatureStatus.SIGNED


def test_a_strange_link_leads_nowhere(asked: Asked) -> None:
    for token in ("", asked.token[:-1], asked.request.token_sha256, asked.request.token_seed):
        with pytest.raises(LinkUseless) as useless:
            signing.opened(token, now=NOW)
        assert useless.value.status is None


def test_a_refusal_says_why(asked: Asked) -> None:
    with pytest.raises(SigningRefused, match="por que não assina"):
        signing.refuse(asked.token, reason=" ", visitor=PHONE, now=NOW)

    request = signing.refuse(asked.token, reason="O valor está errado.", visitor=PHONE, now=NOW)

    assert (request.status, request.reason) == ("REFUSED", "O valor está errado.")
    assert queries.awaited_signature(asked.contract.pk) is None


def test_a_request_taken_back_serves_no_more_and_another_may_be_made(asked: Asked) -> None:
    with pytest.raises(SignatureNotAsked, match="já foi pedida"):
        signing.request_signature(
            asked.document.pk, contact_id=asked.phone.pk, site=SITE, by=ATTENDANT, now=NOW
        )

    signing.cancel(asked.request.pk, reason="E-mail errado", by=ATTENDANT, now=NOW)

    with pytest.raises(LinkUseless):
        signing.opened(asked.token, now=NOW)
    with pytest.raises(RequestSettled):
        signing.cancel(asked.request.pk, reason="De novo", by=ATTENDANT, now=NOW)
    signing.request_signature(
        asked.document.pk, contact_id=asked.phone.pk, site=SITE, by=ATTENDANT, now=NOW
    )
    assert deliver().to == "31987654321"


def test_a_signed_document_is_not_asked_for_again(asked: Asked) -> None:
    sign(asked, code_by_phone(asked))

    with pytest.raises(SignatureNotAsked, match="já está assinado"):
        signing.request_signature(
            asked.document.pk, contact_id=asked.phone.pk, site=SITE, by=ATTENDANT, now=NOW
        )


def test_a_link_ends_with_its_last_day_at_the_branch(asked: Asked) -> None:
    """Sent on 12/03 for 15 days: 27/03 is served whole, 28/03 begins at 03:00 UTC."""
    end = datetime(2026, 3, 28, 3, tzinfo=UTC)

    signing.opened(asked.token, now=end - timedelta(seconds=1))
    with pytest.raises(LinkUseless) as useless:
        signing.opened(asked.token, now=end)
    assert useless.value.status is SignatureStatus.EXPIRED
    assert signing.expire_due(asked.contract.branch_id, now=end - timedelta(seconds=1)) == 0
    assert signing.expire_due(asked.contract.branch_id, now=end) == 1
    assert signing.expire_due(asked.contract.branch_id, now=end) == 0
    assert queries.awaited_signature(asked.contract.pk) is None


def test_the_day_of_the_branch_ends_what_nobody_signed(asked: Asked) -> None:
    daily.work(now=datetime(2026, 3, 28, 4, tzinfo=UTC))

    asked.request.refresh_from_db()
    assert asked.request.status == SignatureStatus.EXPIRED
    assert AuditEntry.objects.get(action="signature expired").by_name == "Vigente"


def test_the_branch_says_how_long_and_by_whom(isp: Provider) -> None:
    for parameter, value in ((SIGNATURE_DAYS, 3), (SIGNATURE_PROVIDER, "SIMULATED")):
        parameters.set_value(
            parameter, value, scope=Scope.BRANCH, scope_id=isp.branch.pk, by=ATTENDANT, now=NOW
        )

    asked = scenario.ask(isp)

    assert "até 15/03/2026" in scenario.sent()[0].text
    request = sign(asked, code_by_phone(asked))
    supplier = suppliers.signatures(SignatureProvider.SIMULATED)
    assert supplier.is_intact(signing.sealed_pdf(request))


def test_a_seal_that_cannot_be_made_signs_nothing(asked: Asked) -> None:
    code = code_by_phone(asked)
    place = storage.path(asked.document.stored_as)
    place.unlink()

    with pytest.raises(FileChanged):
        sign(asked, code)

    asked.request.refresh_from_db()
    assert asked.request.status == SignatureStatus.PENDING
    assert Contract.objects.get(pk=asked.contract.pk).signed_on is None


def test_every_step_tells_what_depends_on_it(
    isp: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int, SignatureStatus]] = []

    def follow(contract_id: int, *, document_id: int, status: SignatureStatus, now: datetime):  # noqa: ANN202
        told.append((contract_id, status))

    monkeypatch.setattr(after_signature, "follow", follow)
    signed, refused, cancelled, expired = (scenario.ask(isp) for _ in range(4))
    sign(signed, code_by_phone(signed))
    signing.refuse(refused.token, reason="não", visitor=PHONE, now=NOW)
    signing.cancel(cancelled.request.pk, reason="não", by=ATTENDANT, now=NOW)
    signing.expire_due(isp.branch.pk, now=NOW + timedelta(days=20))

    assert [status for _, status in told] == [
        *[SignatureStatus.PENDING] * 4,
        SignatureStatus.SIGNED,
        SignatureStatus.REFUSED,
        SignatureStatus.CANCELLED,
        SignatureStatus.EXPIRED,
    ]
    assert told[-1][0] == expired.contract.pk


@pytest.mark.parametrize(
    ("change", "promise"),
    [
        ({"status": "X", "settled_at": NOW}, "signature_request_codes"),
        ({"status": "EXPIRED"}, "signature_request_settled"),
        ({"status": "REFUSED", "settled_at": NOW}, "unsigned_says_why"),
        ({"sent_to": "outra@example.com"}, "what was asked"),
        ({"expires_at": NOW}, "what was asked"),
        ({"status": "SIGNED", "settled_at": NOW, "text_sha256": "0" * 64}, "not for this text"),
    ],
)
def test_the_database_refuses_what_no_request_is(
    asked: Asked, change: dict[str, object], promise: str
) -> None:
    with pytest.raises(IntegrityError, match=promise), transaction.atomic():
        SignatureRequest.objects.update(**change)


def test_the_database_refuses_a_signature_without_evidence(asked: Asked) -> None:
    bare = {"status": "SIGNED", "settled_at": NOW, "text_sha256": asked.document.text_sha256}

    with pytest.raises(IntegrityError, match="signed_has_evidence"), transaction.atomic():
        SignatureRequest.objects.update(**bare)


@pytest.mark.parametrize("change", [{"ip": "192.0.2.8"}, {"status": "PENDING"}])
def test_the_database_refuses_to_change_the_evidence(
    asked: Asked, change: dict[str, object]
) -> None:
    sign(asked, code_by_phone(asked))

    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        SignatureRequest.objects.update(**change)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        SignatureRequest.objects.all()._raw_delete("default")


def test_the_database_refuses_two_open_requests(asked: Asked) -> None:
    second = SignatureRequest.objects.get()
    second.pk, second.token_sha256 = None, "0" * 64

    with pytest.raises(IntegrityError, match="one_signature_of_a_document"), transaction.atomic():
        second.save(force_insert=True)


def test_nobody_signs_for_the_holder_that_a_contract_had_before(
    asked: Asked, isp: Provider
) -> None:
    """The contract passes on only when nothing waits for the present holder's signature."""
    activation.activate(asked.contract.pk, on=date(2026, 1, 20), by=ATTENDANT, now=NOW)
    asked.contract.refresh_from_db()
    bento = isp.customer("Bento Lima")

    with pytest.raises(HolderChangeRefused, match="espera a assinatura do titular de agora"):
        pass_on(asked.contract, bento, on=date(2026, 3, 12))
    signing.cancel(asked.request.pk, reason="vai trocar de titular", by=ATTENDANT, now=NOW)
    pass_on(asked.contract, bento, on=date(2026, 3, 12))

    assert Contract.objects.get().customer == bento
    with pytest.raises(LinkUseless) as useless:
        signing.opened(asked.token, now=NOW)
    assert useless.value.status is SignatureStatus.CANCELLED


def test_a_request_is_kept_with_its_document(asked: Asked) -> None:
    assert IssuedDocument.objects.get().signature_requests.get() == asked.request


def test_what_was_done_about_a_refusal_is_said(asked: Asked) -> None:
    signing.refuse(asked.token, reason="Valor errado", visitor=PHONE, now=NOW)
    request = SignatureRequest.objects.get(pk=asked.request.pk)

    with pytest.raises(IntegrityError, match="dealt_refusal_says_what"), transaction.atomic():
        signatures.deal_with(request, note="", by_name="Ana", now=NOW)
    signatures.deal_with(request, note="corrigido", by_name="Ana", now=NOW)
    signatures.deal_with(request, note="de novo", by_name="Bia", now=NOW)

    assert DealtRefusal.objects.get().note == "corrigido"
