"""The alteration assistant before a person: three steps, the manual's figures, and what fails."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.journeys.altering import ON, alter, begin, choose, the_manuals, to_plan
from tests.journeys.scenario import close, told
from tests.provider import Provider
from tests.screens import pictures
from tests.screens.conftest import EMAIL
from tests.screens.test_pages import assert_fit_for_all
from vigente.catalog.models import SalePlan
from vigente.contracts.models import Contract
from vigente.documents.models import DocumentTemplate
from vigente.domain.codes import DifferencePolicy
from vigente.journeys import alteration as journey
from vigente.staff.models import User

at_a_desk = pytest.mark.parametrize("width", [1440])
BALANCE, MANUAL = DifferencePolicy.PERIOD_BALANCE, DifferencePolicy.MANUAL


@pytest.fixture(autouse=True)
def the_manuals_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the doors read 13/07/2025, the day of the manual's examples."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: ON)


@pytest.fixture(autouse=True)
def template(db: None) -> DocumentTemplate:
    return DocumentTemplate.objects.create(name="Contrato de adesão", kind="CONTRACT", body="Olá")


def named(plan: SalePlan, name: str) -> SalePlan:
    plan.name = name
    plan.save()
    plan.items.update(description=name)
    return plan


def configure(page: Page, contract: Contract) -> None:
    """Go through step 1 with nothing to sign."""
    page.goto(f"/contratos/{contract.pk}/")
    page.click("text=Assistente de alteração")
    expect(page.locator("#id_definition")).to_have_value("CONTRACT")
    pictures.take(page, "alteracao-configuracoes")
    page.select_option("#id_definition", "NONE")
    page.get_by_role("button", name="Continuar").click()
    expect(page.locator(".cmp")).to_be_visible()


@pytest.mark.parametrize(
    ("old", "new", "read", "charged"),
    [
        (4990, 8990, ["4,83", "81,20", "86,03", "36,13"], 12603),  # 89,90 + 36,13
        (8990, 4990, ["8,70", "45,06", "53,76", "3,86"], 4604),  # 49,90 − 3,86
    ],
)
def test_the_manuals_examples_are_read_from_the_page_and_from_the_invoice(
    signed_in: Page, isp: Provider, old: int, new: int, read: list[str], charged: int
) -> None:
    choose(isp, MANUAL)
    contract = the_manuals(isp, old)
    plan = named(isp.plan(price_cents=new), "Fibra nova")
    page = signed_in
    configure(page, contract)

    page.select_option("#id_plan_id", str(plan.pk))

    kind = {8990: "UP", 4990: "DW"}[new]
    expect(page.locator("#tipo")).to_contain_text(kind)
    used = page.locator(".policy.used")
    for figure in read:
        expect(used).to_contain_text(figure)
    expect(page.locator(".policy", has_text="Saldo do período")).to_contain_text("36,13")
    assert_fit_for_all(page)
    name = {"UP": "alteracao-upgrade", "DW": "alteracao-downgrade"}[kind]
    pictures.take(page, name, at=".policy.used")
    page.get_by_role("button", name="Continuar").click()
    expect(page.get_by_role("heading", name="O que vai acontecer")).to_be_visible()
    for figure in read:
        expect(page.locator("main")).to_contain_text(figure)
    expect(page.locator("main")).to_contain_text("Fatura 08/2025 fica como está")
    assert_fit_for_all(page)
    pictures.take(page, f"{name}-conclusao")
    if new < old:
        expect(page.locator("main")).to_contain_text("R$ 32,27 a menos")  # 36,13 − 3,86
        page.check("[name=ciente]")
    page.get_by_role("button", name="Concluir").click()
    expect(page.locator("[role=status]", has_text="concluída")).to_be_visible()
    assert_fit_for_all(page)
    close(issued_on=date(2025, 8, 20), due_until=date(2025, 9, 10))
    assert told(contract)[-1] == ("10/08–09/09", "10/09/2025", charged)
    page.goto(f"/contratos/{contract.pk}/?aba=historico")
    expect(page.locator("main")).to_contain_text(f"{kind} · ")


def test_a_due_day_is_changed_and_the_table_of_the_design_is_read(
    signed_in: Page, isp: Provider
) -> None:
    choose(isp, MANUAL)
    contract = the_manuals(isp, 8990)
    page = signed_in
    configure(page, contract)

    page.fill("#id_due_day", "20")
    page.keyboard.press("Tab")

    expect(page.locator("#tipo")).to_contain_text("AV")
    expect(page.locator("#proximo")).to_contain_text("Próximo: 20/09/2025, 10 dias a mais")
    page.get_by_role("button", name="Continuar").click()
    expect(page.locator("main")).to_contain_text("Vencimento passa do dia 10 para o dia 20")
    expect(page.locator("main")).to_contain_text("89,90 ÷ 31 × 10")
    expect(page.locator("aside")).to_contain_text("118,90")  # 89,90 + 29,00
    assert_fit_for_all(page)
    pictures.take(page, "alteracao-vencimento")


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is chosen at 13/07/2025, how it is classified, and the invoice that comes of it."""

    old: int
    new: int | None = None
    tier: int = 1
    due_day: str = ""
    other_billing_type: bool = False
    meaning: str
    read: tuple[str, ...]
    invoice: tuple[str, str, int]


CASES = {
    "SC": Case(
        old=8990,
        new=8990,
        tier=2,
        meaning="Upgrade sem custo adicional",
        read=("Nenhuma diferença a acertar",),
        invoice=("10/08–09/09", "10/09/2025", 8990),
    ),
    "UV": Case(
        old=4990,
        new=8990,
        due_day="20",
        meaning="Upgrade e alteração de vencimento",
        read=("36,13", "89,90 ÷ 31 × 10"),
        invoice=("10/08–19/09", "22/09/2025", 15503),  # 89,90 + 29,00 + 36,13; 20/09 is a Saturday
    ),
    "DV": Case(
        old=8990,
        new=4990,
        due_day="5",
        meaning="Downgrade e alteração de vencimento",
        read=("36,13", "49,90 ÷ 31 × 5"),
        invoice=("10/08–04/09", "05/09/2025", 572),  # 49,90 − 8,05 − 36,13
    ),
    "OT": Case(
        old=8990,
        other_billing_type=True,
        meaning="Outras alterações",
        read=("Tipo de cobrança passa a",),
        invoice=("10/08–09/09", "10/09/2025", 8990),
    ),
}


@at_a_desk
@pytest.mark.parametrize("kind", CASES)
def test_each_other_type_is_inferred_concluded_and_billed(
    signed_in: Page, isp: Provider, kind: str
) -> None:
    case = CASES[kind]
    choose(isp, BALANCE)
    contract = the_manuals(isp, case.old)
    page = signed_in
    plan = isp.plan(price_cents=case.new or case.old, tier=case.tier)
    other = isp.billing_type()
    configure(page, contract)

    if case.new is not None:
        page.select_option("#id_plan_id", str(plan.pk))
    if case.due_day:
        page.fill("#id_due_day", case.due_day)
        page.keyboard.press("Tab")
    if case.other_billing_type:
        page.select_option("#id_billing_type_id", str(other.pk))

    expect(page.locator("#tipo")).to_contain_text(kind)
    expect(page.locator("#tipo")).to_contain_text(case.meaning)
    page.get_by_role("button", name="Continuar").click()
    expect(page.get_by_role("heading", name="O que vai acontecer")).to_be_visible()
    for words in case.read:
        expect(page.locator("main")).to_contain_text(words)
    assert_fit_for_all(page)
    page.get_by_role("button", name="Concluir").click()
    expect(page.locator("[role=status]", has_text="concluída")).to_be_visible()
    close(issued_on=date(2025, 8, 20), due_until=date(2025, 9, 22))
    assert told(contract)[2] == case.invoice


def test_every_reason_against_it_is_told_at_once(signed_in: Page, isp: Provider) -> None:
    contract = isp.activate(on=date(2025, 6, 10), sold_on=date(2025, 6, 10))
    page = signed_in
    configure(page, contract)
    page.get_by_role("button", name="Continuar").click()

    told_at_once = page.locator(".note.warn[role=alert]")
    expect(told_at_once).to_have_count(4)
    expect(page.locator("main")).to_contain_text("ao menos uma fatura gerada")
    expect(page.locator("main")).to_contain_text("fatura do período anterior à alteração")
    expect(page.locator("main")).to_contain_text("ainda não escolheu como se calcula a diferença")
    expect(page.locator("main")).to_contain_text("Nada muda")
    assert_fit_for_all(page)
    pictures.take(page, "alteracao-recusada")


def test_step_1_does_not_go_on_without_a_template(signed_in: Page, isp: Provider) -> None:
    contract = the_manuals(isp, 4990)
    page = signed_in
    page.goto(f"/contratos/{contract.pk}/alteracao/")
    page.get_by_role("button", name="Continuar").click()

    expect(page.get_by_role("alert")).to_contain_text("Informe o modelo que será impresso")
    assert_fit_for_all(page)


def test_a_draft_is_taken_up_again_and_put_aside(signed_in: Page, isp: Provider) -> None:
    choose(isp, BALANCE)
    contract = the_manuals(isp, 4990)
    plan = named(isp.plan(price_cents=8990), "Fibra nova")
    page = signed_in
    configure(page, contract)
    page.select_option("#id_plan_id", str(plan.pk))
    expect(page.locator("#tipo")).to_contain_text("UP")
    page.get_by_role("button", name="Continuar").click()
    page.get_by_role("link", name="Fechar").click()
    assert contract.plans.count() == 1  # nothing of the contract was touched

    page.get_by_role("link", name="Assistente de alteração").click()

    expect(page.locator("main")).to_contain_text("já tem a alteração")
    expect(page.locator("#id_plan_id")).to_have_value(str(plan.pk))
    page.get_by_role("link", name="Descartar").click()
    page.get_by_role("button", name="Descartar").click()
    expect(page.locator("[role=status]", has_text="descartada")).to_be_visible()


def test_the_products_of_the_present_plan_are_kept_by_a_tick(
    signed_in: Page, isp: Provider
) -> None:
    choose(isp, BALANCE)
    contract = the_manuals(isp, 4990)
    plan = named(isp.plan(price_cents=1000), "TV")
    page = signed_in
    configure(page, contract)
    page.select_option("#id_plan_id", str(plan.pk))
    expect(page.locator("#tipo")).to_contain_text("DW")

    page.check(f"#mantidos-{contract.items.get().pk}")

    expect(page.locator("#tipo")).to_contain_text("UP")
    expect(page.locator("#liquido")).to_contain_text("R$ 59,90")  # 49,90 + 10,00


def test_a_service_is_added_in_the_assistant(signed_in: Page, isp: Provider) -> None:
    choose(isp, BALANCE)
    contract = the_manuals(isp, 4990)
    page = signed_in
    configure(page, contract)
    page.get_by_role("button", name="Adicionar").click()
    page.select_option("#id_added-0-product_id", str(isp.internet.pk))
    page.fill("#id_added-0-description", "Ponto extra")
    page.fill("#id_added-0-price_cents", "20,00")
    page.keyboard.press("Tab")
    expect(page.locator("#liquido")).to_contain_text("R$ 69,90")

    page.get_by_role("button", name="Continuar").click()

    expect(page.locator("main")).to_contain_text("Começam: Ponto extra.")
    assert_fit_for_all(page)


def test_what_changed_in_between_is_told_and_nothing_is_done(
    signed_in: Page, isp: Provider
) -> None:
    choose(isp, BALANCE)
    contract = the_manuals(isp, 4990)
    page = signed_in
    draft = begin(contract)
    journey.keep(draft, to_plan(isp.plan(price_cents=8990)))
    page.goto(f"/alteracoes/{draft.pk}/conclusao/")
    close(issued_on=date(2025, 7, 1), due_until=date(2025, 9, 10), approved=True)

    page.get_by_role("button", name="Concluir").click()

    expect(page.get_by_role("alert")).to_contain_text("nada foi gravado")
    expect(page.locator("main")).to_contain_text("1 fatura futura é cancelada")
    assert contract.plans.count() == 1
    page.get_by_role("button", name="Concluir").click()
    expect(page.locator("[role=status]", has_text="concluída")).to_be_visible()


def test_an_alteration_is_undone_with_a_reason(signed_in: Page, isp: Provider) -> None:
    choose(isp, BALANCE)
    contract = the_manuals(isp, 4990)
    done = alter(contract, to_plan(isp.plan(price_cents=8990)))
    page = signed_in
    page.goto(f"/alteracoes/{done.pk}/")
    page.get_by_role("link", name="Desfazer").click()
    expect(page.locator("main")).to_contain_text("volta a ser como era antes")
    page.fill("[name=reason]", "o cliente desistiu")
    pictures.take(page, "alteracao-desfazer")
    page.get_by_role("button", name="Desfazer").click()

    expect(page.locator("main")).to_contain_text("Desfeita por Ana Atendente")
    expect(page.locator("main")).to_contain_text("o cliente desistiu")
    assert_fit_for_all(page)


def test_what_is_billed_is_compensated_for_and_told_on_the_line_of_time(
    signed_in: Page, isp: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(isp, BALANCE)
    contract = the_manuals(isp, 4990)
    slow = named(contract.plans.get().sale_plan, "Fibra 300")
    plan = named(isp.plan(price_cents=8990, loyalty_months=12), "Fibra 600")
    done = alter(contract, to_plan(plan, due_day=15))
    close(issued_on=date(2025, 8, 20), due_until=date(2025, 9, 15))
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: date(2025, 8, 25))
    page = signed_in
    page.goto(f"/alteracoes/{done.pk}/")
    page.get_by_role("link", name="Compensar com outra").click()
    expect(page.locator("main")).to_contain_text(f"Compensa a alteração {done.pk}")
    page.select_option("#id_definition", "NONE")
    page.get_by_role("button", name="Continuar").click()
    expect(page.locator("#id_plan_id")).to_have_value(str(slow.pk))
    expect(page.locator("#id_due_day")).to_have_value("10")
    page.get_by_role("button", name="Continuar").click()
    page.get_by_role("button", name="Concluir").click()
    expect(page.locator("main")).to_contain_text(f"Compensa a alteração {done.pk}")
    page.get_by_role("link", name=f"alteração {done.pk}").click()
    expect(page.locator("main")).to_contain_text("Compensada pela alteração")
    assert page.get_by_role("link", name="Compensar com outra").count() == 0

    page.goto(f"/contratos/{contract.pk}/?aba=historico")
    line = page.locator(".timeline li")
    expect(line.nth(0)).to_contain_text("R$ 89,90 → R$ 49,90 por mês")
    expect(line.nth(1)).to_contain_text("Fibra 300 → Fibra 600 · dia 10 → dia 15")
    expect(line.last).to_contain_text("Pré-contrato → Ativo")
    assert_fit_for_all(page)
    pictures.take(page, "contrato-historico")


def test_the_loyalty_of_the_new_plan_is_offered_and_told(signed_in: Page, isp: Provider) -> None:
    choose(isp, BALANCE)
    contract = the_manuals(isp, 4990)
    plan = isp.plan(price_cents=8990, loyalty_months=12, loyalty_benefit_cents=30000)
    page = signed_in
    configure(page, contract)
    page.select_option("#id_plan_id", str(plan.pk))
    expect(page.locator("#acerto")).to_contain_text("12 meses a partir de 13/07/2025")
    page.check("#id_starts_loyalty")
    page.get_by_role("button", name="Continuar").click()
    expect(page.locator("main")).to_contain_text("De 13/07/2025 até 12/07/2026")
    assert_fit_for_all(page)
    page.get_by_role("button", name="Concluir").click()

    expect(page.locator("[role=status]", has_text="concluída")).to_be_visible()
    page.goto(f"/contratos/{contract.pk}/")
    expect(page.locator(".figures")).to_contain_text("até 13/07/2026")


def test_a_later_day_schedules_it(signed_in: Page, isp: Provider) -> None:
    choose(isp, BALANCE)
    contract = the_manuals(isp, 4990)
    draft = begin(contract)
    tomorrow = ON + timedelta(days=1)
    journey.keep(draft, to_plan(isp.plan(price_cents=8990), on=tomorrow))
    page = signed_in
    page.goto(f"/alteracoes/{draft.pk}/conclusao/")

    page.get_by_role("button", name="Agendar").click()

    expect(page.locator("[role=status]", has_text="agendada para 14/07/2025")).to_be_visible()
    expect(page.locator("main")).to_contain_text("O que vai acontecer, como está hoje")
    assert_fit_for_all(page)
    pictures.take(page, "alteracao-agendada")


@pytest.mark.parametrize("digest", ["", "0" * 64, "<script>"])
def test_a_forged_digest_concludes_nothing(isp: Provider, client: Client, digest: str) -> None:
    choose(isp, BALANCE)
    contract = the_manuals(isp, 4990)
    draft = begin(contract)
    journey.keep(draft, to_plan(isp.plan(price_cents=8990)))
    client.force_login(User.objects.get(email=EMAIL))

    answer = client.post(f"/alteracoes/{draft.pk}/conclusao/", {"plano": digest})

    assert answer.status_code == 422
    assert contract.plans.count() == 1


def test_products_of_others_cannot_be_ticked(isp: Provider, client: Client) -> None:
    choose(isp, BALANCE)
    contract = the_manuals(isp, 4990)
    others = the_manuals(isp, 9990).items.get()
    plan, elsewhere = isp.plan(price_cents=8990), isp.plan(price_cents=1)
    draft = begin(contract)
    client.force_login(User.objects.get(email=EMAIL))

    client.post(
        f"/alteracoes/{draft.pk}/contrato/",
        {
            "on": ON.isoformat(),
            "plan_id": plan.pk,
            "plano_visto": plan.pk,
            "mantidos": [others.pk],
            "do_plano": [elsewhere.items.get().pk, plan.items.get().pk],
            "added-TOTAL_FORMS": 0,
            "added-INITIAL_FORMS": 0,
        },
    )

    draft.refresh_from_db()
    assert draft.asked["plan_item_ids"] == [plan.items.get().pk]
    assert draft.asked["kept_item_ids"] == []


@pytest.mark.parametrize("day", ["", "31/02/2025", "ontem", "2024-01-01", "2099-01-01"])
def test_a_wrong_day_is_told_beside_the_field(isp: Provider, client: Client, day: str) -> None:
    choose(isp, BALANCE)
    draft = begin(the_manuals(isp, 4990))
    client.force_login(User.objects.get(email=EMAIL))

    answer = client.post(
        f"/alteracoes/{draft.pk}/contrato/",
        {"on": day, "due_day": 15, "added-TOTAL_FORMS": 0, "added-INITIAL_FORMS": 0},
    )

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_the_calculator_comes_to_the_manuals_figures(signed_in: Page, isp: Provider) -> None:
    page = signed_in
    page.goto("/calculadora-de-alteracao/")
    page.fill("#id_old", "89,90")
    page.fill("#id_new", "49,90")
    page.fill("#id_first_day", "2025-07-10")
    page.fill("#id_last_day", "2025-08-09")
    page.fill("#id_on", "2025-07-13")
    page.get_by_role("button", name="Calcular diferença").click()

    for figure in ["8,70", "45,06", "53,76", "R$ 3,86", "45,07", "R$ 36,13"]:
        expect(page.locator("#diferenca")).to_contain_text(figure)
    assert_fit_for_all(page)
    pictures.take(page, "alteracao-calculadora")


@pytest.mark.parametrize(
    ("new_day", "told_due", "period", "amount"),
    [
        (20, "20/09/2025", "10/08/2025 a 19/09/2025", "R$ 29,00"),
        (5, "05/09/2025", "10/08/2025 a 04/09/2025", "−R$ 14,50"),
    ],
)
def test_the_calculator_moves_a_due_day(
    isp: Provider, client: Client, new_day: int, told_due: str, period: str, amount: str
) -> None:
    client.force_login(User.objects.get(email=EMAIL))
    asked = {
        "conta": "vencimento",
        "value": "89,90",
        "last_end": "2025-08-09",
        "due_day": 10,
        "new_due_day": new_day,
        "on": "2025-08-01",
        "notice": 5,
    }

    html = client.get("/calculadora-de-alteracao/", asked).content.decode()

    for told_there in (told_due, period, amount):
        assert told_there in html


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"on": "2025-08-20"}, "fica fora do período"),
        ({"last_day": "2025-07-01"}, "vem antes do primeiro"),
        ({"old": "dez"}, "id_old_error"),
    ],
)
def test_the_calculator_says_what_is_wrong(
    isp: Provider, client: Client, asked: dict[str, str], sentence: str
) -> None:
    client.force_login(User.objects.get(email=EMAIL))
    manuals = {
        "conta": "plano",
        "old": "49,90",
        "new": "89,90",
        "first_day": "2025-07-10",
        "last_day": "2025-08-09",
        "on": "2025-07-13",
    }

    answer = client.get("/calculadora-de-alteracao/", manuals | asked)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
